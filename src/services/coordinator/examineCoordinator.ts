import { encryptBodies } from '../../log/encryptBodies.ts';
import type { Remedy } from '../../protocol/Fault.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { MapOf } from '../../protocol/wire/findShapeError.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import { exactRow } from '../../database/exactRow.ts';
import { BINARY_VALUES, type ServiceDatabase } from '../../database/synced.ts';
import type { FolderFaultKind } from '../examination/FolderFault.ts';
import { AWAITED_ROW, DUE_ROW, type DueRow } from './coordinatorRows.ts';
import { isRowOf, partsOfKey, rowsOf } from './coordinatorKeys.ts';
import { openJudged } from './openJudged.ts';
import { faultOfList, pairExamination } from './faultOfPairs.ts';
import { faultOfPromise } from './faultOfPromise.ts';
import { faultOfSigned, isEndSound } from './faultOfSigned.ts';
import { accusationIn, conflictIn } from './storedEvidence.ts';
import { Judgements } from './Judgements.ts';
import { faultOfReleased } from './faultOfReleased.ts';
import { isPresentedSound } from './isPresentedSound.ts';
import {
  notes,
  partPath,
  type OrganisationExamination,
} from '../examination/OrganisationExamination.ts';

/** Bodies that are read between two reports of progress. */
const STEP = 1000;

/**
 * Examines the rows of a coordinator: bodies that it judged, its promises, the last checkpoint of each log that it
 * signed, and evidence of misbehaviour.
 *
 * @param examination - The organisation's, after its logs were examined.
 * @param database - The coordinator's.
 */
export async function examineCoordinator(
  examination: OrganisationExamination,
  database: ServiceDatabase,
): Promise<void> {
  const { organisation, keys, ports, scratch, hearer } = examination;
  const path = partPath(examination, 'coordinator');
  const name = `${organisation}: coordinator`;
  const bodies = encryptBodies({ ...ports, storageKey: keys.storage });
  let [count, promises] = [0, 0];
  const signedSizes = new Map<string, number>();
  const judgements = await Judgements.open(examination, database);
  const context = { examination, database, judgements };
  const stored = { database, bodies };
  const faultOfPair = pairExamination(stored);
  // Before the promises, which must follow from them.
  for await (const [key, bytes] of database.iterator<string, Uint8Array>({
    ...rowsOf('due'),
    ...BINARY_VALUES,
  })) {
    promises += 1;
    const due = exactRow(bytes);
    const wrong = isDue(key, due) ? await judgements.take(due) : 'was altered';
    if (wrong !== undefined) say('coordinator-promise', `${key} ${wrong}`);
  }
  const rows = database.iterator<string, Uint8Array>(BINARY_VALUES);
  for await (const [key, bytes] of rows) {
    const [entry] = partsOfKey('body', key);
    const [log] = partsOfKey('checkpoint', key);
    const [awaited = partsOfKey('forgotten', key)[0]] = partsOfKey('awaited', key);
    const [ended] = partsOfKey('ended', key);
    const [accused] = partsOfKey('unjudged', key);
    const [forked] = partsOfKey('conflict', key);
    const [released] = partsOfKey('released', key);
    if (entry !== undefined) {
      count += 1;
      if (count % STEP === 0) hearer.progress(name, count);
      const body = openJudged(bodies, entry as Bytes32, bytes);
      if (body === undefined) {
        say('coordinator-body', `the stored body of entry ${entry} was altered`);
        continue;
      }
      const wrong = await faultOfList(ports.primitives, stored, entry as Bytes32, body);
      if (wrong !== undefined) say('coordinator-list', wrong);
    } else if (isRowOf('pair', key)) {
      const wrong = await faultOfPair(key);
      if (wrong !== undefined) say('coordinator-list', `${key} ${wrong}`);
    } else if (log !== undefined) {
      const wrong = await faultOfSigned(context, log, exactRow(bytes));
      signedSizes.set(log, sizeOf(exactRow(bytes)));
      if (wrong !== undefined)
        say('coordinator-promise', `its last signed checkpoint of ${log} ${wrong}`);
    } else if (awaited !== undefined) {
      const isSound = judgements.names.includes(awaited) && isOfShape(AWAITED_ROW, exactRow(bytes));
      if (!isSound) say('coordinator-promise', `${key} was altered`);
    } else if (ended !== undefined) {
      if (!(await isEndSound(context, ended, exactRow(bytes))))
        say('coordinator-promise', `${key} was altered`);
    } else if (isRowOf('presented', key) || isRowOf('setAside', key)) {
      if (!(await isPresentedSound(examination, key, exactRow(bytes))))
        say('coordinator-promise', `${key} was altered`);
    } else if (released !== undefined || isRowOf('releasedOf', key)) {
      const wrong = await faultOfReleased(examination, stored, key, bytes);
      if (wrong !== undefined) say('coordinator-promise', `${key} ${wrong}`);
    } else if (forked !== undefined) {
      say('coordinator-unjudged', conflictIn(context, forked, exactRow(bytes)));
    } else if (accused !== undefined) {
      say('coordinator-unjudged', accusationIn(context, accused, exactRow(bytes)));
    } else if (!isRowOf('due', key)) {
      promises += 1;
      const wrong = await faultOfPromise(context, key, exactRow(bytes));
      if (wrong !== undefined) say('coordinator-promise', `${key} ${wrong}`);
    }
  }
  await examineForgotten();
  hearer.part({ path, name, holds: `${count} bodies, ${promises} promises` });

  function say(kind: FolderFaultKind, what: string): void {
    hearer.fault({ kind, path, what: `${name}: ${what}`, remedy: REMEDIES[kind] ?? 'peers' });
  }

  /** Finds checkpoints that the coordinator forgot: it might sign another history. */
  async function examineForgotten(): Promise<void> {
    for (const log of judgements.names) {
      const prefix = notes.signed(log, organisation);
      let last = 0;
      for await (const [key] of scratch.under(prefix)) last = Number(key.slice(prefix.length));
      if ((signedSizes.get(log) ?? 0) >= last) continue;
      const what = `it lost its note of a checkpoint of ${log} that it signed, of ${last} entries`;
      say('coordinator-promise', what);
    }
  }

  /** Tells whether a row notes bodies that a log must hold by the moment in its key. */
  function isDue(key: string, row: unknown): row is DueRow {
    const [dueBy] = partsOfKey('due', key);
    if (dueBy === undefined || !isOfShape(DUE_ROW, row)) return false;
    return judgements.names.includes(row.log) && row.includeBy === Number(dueBy);
  }
}

const REMEDIES: Partial<Record<FolderFaultKind, Remedy>> = {
  'coordinator-body': 'rebuild',
  'coordinator-unjudged': 'none',
};
/** An object, whatever is in it. */
const FIELDS = new MapOf(/(?:)/, 'any');

function sizeOf(signed: unknown): number {
  const size = isOfShape(FIELDS, signed) ? signed['size'] : undefined;
  return typeof size === 'number' ? size : 0;
}
