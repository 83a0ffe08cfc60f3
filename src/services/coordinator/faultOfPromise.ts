import { isPromise } from '../../protocol/evidence/acknowledgementCheck.ts';
import { BYTES32 } from '../../protocol/wire/findShapeError.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import { exactRow } from '../../database/exactRow.ts';
import { isRowOf, partsOfKey, versionKey } from './coordinatorKeys.ts';
import {
  FILE_CLAIM,
  STORED_ANSWER,
  REQUEST_CLAIM,
  type RequestClaim,
  type StoredClaim,
} from './coordinatorRows.ts';
import type { ServiceDatabase } from '../../database/synced.ts';
import { versionPlaces } from '../entries/versionPlaces.ts';
import type { NotedJudgement, Judgements } from './Judgements.ts';
import { notes, type OrganisationExamination } from '../examination/OrganisationExamination.ts';

const ALTERED = 'was altered';
const CHART_VERSION = { handle: BYTES32, record: BYTES32, version: 'count' } as const;

/** Everything that a promise is compared with. */
export interface PromiseContext {
  readonly examination: OrganisationExamination;
  /** The coordinator's. */
  readonly database: ServiceDatabase;
  readonly judgements: Judgements;
}

/**
 * Finds the fault of a row with which a coordinator binds itself: an answer to a request, or a claim on what only one
 * entry can have. An entry of a log binds everybody, whatever the row says; any other promise must be one that the
 * coordinator judged, or have come to nothing.
 *
 * @param context - The examination, after the organisation's logs and what the coordinator judged were read.
 * @param key - The row's key.
 * @param row - Its value; undefined unless it is spelt as nodes write it.
 * @returns A phrase; undefined if the promise is sound.
 */
export async function faultOfPromise(
  { examination, database, judgements }: PromiseContext,
  key: string,
  row: unknown,
): Promise<string | undefined> {
  const { organisation, scratch } = examination;
  if (isRowOf('answer', key)) return await faultOfAnswer();
  const [file] = partsOfKey('file', key);
  if (isOfShape(BYTES32, file)) {
    return isOfShape(FILE_CLAIM, row) && isBound(row) ? await faultOfFile(file, row) : ALTERED;
  }
  if (!isOfShape(REQUEST_CLAIM, row) || !isBound(row)) return ALTERED;
  const [agent] = partsOfKey('summary', key);
  if (agent !== undefined) return agent === row.log && (await isSummary(row)) ? undefined : ALTERED;
  const [version] = partsOfKey('version', key);
  return version === undefined ? 'is unknown' : await faultOfVersion(version, row);

  function isBound(claim: StoredClaim): boolean {
    return judgements.names.includes(claim.log) && isPromise(claim);
  }

  async function faultOfAnswer(): Promise<string | undefined> {
    const [deadline, request] = partsOfKey('answer', key);
    if (!isOfShape(BYTES32, request) || !isOfShape(STORED_ANSWER, row)) return ALTERED;
    const { flag, includeBy } = row;
    const name = { request, deadline: Number(deadline) };
    if (await judgements.isAnswered(name)) return undefined;
    const judged = await judgements.of(name.request);
    const isSound =
      judged.length === 0
        ? await judgements.isVoid(undefined, includeBy)
        : judged.some(
            (each) =>
              each.deadline === name.deadline && each.flag === flag && each.includeBy === includeBy,
          );
    return isSound ? undefined : ALTERED;
  }

  async function isSummary(stored: RequestClaim): Promise<boolean> {
    const { by, log, at } = stored;
    const body = await judgements.body(by);
    const isIt = body?.format === 'medseal-summary/1' && body.log === log && body.at === at;
    if (body !== undefined && !isIt) return false;
    if (await judgements.isAnswered({ request: by, deadline: at })) return true;
    return await isPromised(by, stored, ({ flag }) => flag === undefined);
  }

  async function faultOfFile(hash: Bytes32, stored: StoredClaim): Promise<string | undefined> {
    let isOwned = false;
    for await (const [, version] of scratch.under(notes.file(organisation, hash))) {
      isOwned = true;
      if (version !== stored.by) return 'names another version than the one it judged';
    }
    if (isOwned) return undefined;
    // Whatever becomes of the entry, the file stays its version's, and the version's claim stays too.
    const version = await database.get(versionKey(stored.by));
    if (version === undefined) return 'names a version that it did not judge';
    const claim = exactRow(version);
    const ofVersion = isOfShape(REQUEST_CLAIM, claim) ? await judgements.of(claim.by) : [];
    const judged = ofVersion.filter((each) => each.file === hash);
    return judged.length === 0 || judged.some(isAt(stored)) ? undefined : ALTERED;
  }

  async function faultOfVersion(name: string, stored: RequestClaim): Promise<string | undefined> {
    const note = notes.version(organisation, name);
    for await (const [found, request] of scratch.under(note)) {
      // Version 10 begins like version 1.
      if (found === note && request !== stored.by) {
        return 'names another request than the one it judged';
      }
    }
    const [handle, record, number] = name.split('/');
    const wanted = { handle, record, version: Number(number) };
    if (!isOfShape(CHART_VERSION, wanted)) return ALTERED;
    const [place] = await versionPlaces(judgements.logs.values(), [wanted]);
    if (place !== undefined) return undefined;
    const isSound = await isPromised(stored.by, stored, ({ version }) => version === name);
    return isSound ? undefined : ALTERED;
  }

  async function isPromised(
    request: Bytes32,
    stored: StoredClaim,
    isOf: (judged: NotedJudgement) => boolean,
  ): Promise<boolean> {
    const judged = await judgements.of(request);
    if (judged.length === 0) return await judgements.isVoid(stored.log, stored.includeBy);
    return judged.filter(isOf).some(isAt(stored));
  }
}

function isAt({ log, at, includeBy }: StoredClaim): (judged: NotedJudgement) => boolean {
  return (each) => each.log === log && each.at === at && each.includeBy === includeBy;
}
