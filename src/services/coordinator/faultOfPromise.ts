import { isPromise } from '../../protocol/acknowledgementCheck.ts';
import { BYTES32, findShapeError, OneOf } from '../../protocol/findShapeError.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { StoredClaim } from './Claims.ts';
import type { KeptAnswer } from './Answers.ts';
import { isRowOf, partsOfKey, versionKey } from './coordinatorKeys.ts';
import type { ServiceDatabase } from '../../database/synced.ts';
import { versionPlaces, type ChartVersion } from '../entries/versionPlaces.ts';
import type { NotedJudgement, Judgements } from './Judgements.ts';
import { notes, type OrganisationExamination } from '../examination/OrganisationExamination.ts';

const ALTERED = 'was altered';
const ANSWER = { flag: new OneOf('A', 'R'), includeBy: 'count' } as const;
const CLAIM = { by: BYTES32, log: 'text', at: 'count', includeBy: 'count' } as const;
/** Claim of a sealed file; `by` is `handle/record/version`. */
const FILE_CLAIM = { ...CLAIM, by: /^0x[0-9a-f]{64}\/0x[0-9a-f]{64}\/[1-9][0-9]{0,15}$/ } as const;

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
  const shape = file === undefined ? CLAIM : FILE_CLAIM;
  if (findShapeError(shape, row, 'it') !== undefined) return ALTERED;
  const claim = row as StoredClaim;
  if (!judgements.names.includes(claim.log) || !isPromise(claim)) return ALTERED;
  const [agent] = partsOfKey('summary', key);
  if (agent !== undefined) {
    return agent === claim.log && (await isSummary(claim)) ? undefined : ALTERED;
  }
  if (file !== undefined) return await faultOfFile(file as Bytes32, claim);
  const [version] = partsOfKey('version', key);
  return version === undefined ? 'is unknown' : await faultOfVersion(version, claim);

  async function faultOfAnswer(): Promise<string | undefined> {
    const [deadline, request] = partsOfKey('answer', key);
    if (request === undefined || findShapeError(ANSWER, row, 'it') !== undefined) return ALTERED;
    const { flag, includeBy } = row as KeptAnswer;
    const name = { request: request as Bytes32, deadline: Number(deadline) };
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

  async function isSummary(stored: StoredClaim): Promise<boolean> {
    const { by, log, at } = stored;
    const body = await judgements.body(by as Bytes32);
    const isIt = body?.format === 'medseal-summary/1' && body.log === log && body.at === at;
    if (body !== undefined && !isIt) return false;
    if (await judgements.isAnswered({ request: by as Bytes32, deadline: at })) return true;
    return await isPromised(by as Bytes32, stored, ({ flag }) => flag === undefined);
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
    const [, request = ''] = /^\{"by":"(0x[0-9a-f]{64})"/.exec(version) ?? [];
    const judged = (await judgements.of(request as Bytes32)).filter((each) => each.file === hash);
    return judged.length === 0 || judged.some(isAt(stored)) ? undefined : ALTERED;
  }

  async function faultOfVersion(name: string, stored: StoredClaim): Promise<string | undefined> {
    const note = notes.version(organisation, name);
    for await (const [found, request] of scratch.under(note)) {
      // Version 10 begins like version 1.
      if (found === note && request !== stored.by) {
        return 'names another request than the one it judged';
      }
    }
    const [handle, record, number] = name.split('/');
    const wanted = { handle, record, version: Number(number) } as ChartVersion;
    const [place] = await versionPlaces(judgements.logs.values(), [wanted]);
    if (place !== undefined) return undefined;
    const isSound = await isPromised(
      stored.by as Bytes32,
      stored,
      ({ version }) => version === name,
    );
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
