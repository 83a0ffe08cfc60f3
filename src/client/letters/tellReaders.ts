import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { MedsealError } from '../../errors/MedsealError.ts';
import { askedView } from '../../protocol/evidence/askedView.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import { acceptedPairs, type ViewPair } from '../../protocol/evidence/viewSet.ts';
import type { Address } from '../../protocol/ids.ts';
import type { PairInSet } from '../../protocol/release/releasedView.ts';
import type { Audit, AuditEvent } from '../audit/Audit.ts';
import { entryOfEvent } from '../audit/entryOfEvent.ts';
import { pairOfEvent } from '../audit/pairOfEvent.ts';
import type { Party } from '../party/Party.ts';
import type { ChartRecord } from '../records/viewChart.ts';
import { readPatientState } from '../state/PatientState.ts';
import { readMistakes } from './keptMistakes.ts';
import { aboutEntry } from './mistakeEntry.ts';
import { sendReport } from './mistakes.ts';

/** The words of the letter: it says nothing that its entry does not show. */
const WORDS = 'The record was corrected since you read it.';

/** Readers who were told of a correction, and those who could not be. */
export interface ReadersTold {
  /** Those to whom a letter went now. */
  readonly told: readonly Address[];
  /** Each with the reason; call it again later. */
  readonly untold: readonly (readonly [reader: Address, reason: MedsealError])[];
}

/**
 * Returns who read a version of a record before the one that amends it, as far as an audit proves it: each with the last such view.
 * The patient and the amendment's author are left out.
 *
 * @param party - The patient.
 * @param audit - As `examineAudit` found it.
 * @param amended - The version that amends the record, as the chart lists it.
 * @example
 * ```ts
 * const { records } = await readChart(patient, { handle, purpose: 'PATRQT' });
 * const audit = await examineAudit(patient);
 * for (const amended of newestOfEach(records).filter(({ version }) => version > 1)) {
 *   console.log(`${readersBefore(patient, audit, amended).size} people read a version before`);
 * }
 * ```
 */
export function readersBefore(
  party: Party,
  { logs }: Pick<Audit, 'logs'>,
  amended: Pick<ChartRecord, 'record' | 'version' | 'author'>,
): ReadonlyMap<Address, { readonly event: AuditEvent; readonly pair: ViewPair }> {
  const readers = new Map<Address, { event: AuditEvent; pair: ViewPair; at: number }>();
  for (const event of logs.flatMap(({ events }) => events)) {
    const { body } = event;
    if (body === undefined) continue;
    const reader = body.request.party;
    if (reader === party.address || reader === amended.author) continue;
    const pair = versionsSeen(event)
      .filter(({ record, version }) => record === amended.record && version < amended.version)
      .toSorted((one, other) => other.version - one.version)[0];
    if (pair === undefined || (readers.get(reader)?.at ?? -1) > body.at) continue;
    readers.set(reader, { event, pair, at: body.at });
  }
  return readers;
}

/** Holds what a reader is shown of their own view. */
interface ViewShown {
  readonly entry: Acknowledgement;
  readonly pair?: PairInSet | undefined;
}

/**
 * Returns who is still to be told that a record was amended: those who read a version before, and to whom the patient sent no letter
 * since. Without the text of a view, which may be erased, no letter can show it: that reader is left out.
 *
 * @param party - The patient.
 * @param audit - As `examineAudit` found it.
 * @param amended - The version that amends the record, as the chart lists it.
 * @returns Each with the view that the letter shows.
 * @example
 * ```ts
 * const { records } = await readChart(patient, { handle, purpose: 'PATRQT' });
 * const audit = await examineAudit(patient);
 * for (const amended of newestOfEach(records).filter(({ version }) => version > 1)) {
 *   console.log([...(await readersToTell(patient, audit, amended)).keys()]);
 * }
 * ```
 */
export async function readersToTell(
  party: Party,
  audit: Pick<Audit, 'logs' | 'parts'>,
  amended: Pick<ChartRecord, 'record' | 'version' | 'author' | 'at'>,
): Promise<ReadonlyMap<Address, ViewShown>> {
  const sent = (await readMistakes(party)).filter(({ by, about, topic, at, unsent }) => {
    const isOf = topic === 'correction' && about.record === amended.record && at >= amended.at;
    return isOf && by === party.address && unsent !== true;
  });
  const told = new Set(sent.map(({ to }) => to));
  const readers = new Map<Address, ViewShown>();
  for (const [reader, { event, pair: seen }] of readersBefore(party, audit, amended)) {
    const entry = entryOfEvent(audit, event);
    if (entry === undefined || told.has(reader)) continue;
    readers.set(reader, { entry, pair: pairOfEvent(party.primitives, event, seen) });
  }
  return readers;
}

/**
 * Tells whoever read a version of a record before the one that amends it, by one letter each: it shows the reader's own view, and says
 * nothing else than that the record was corrected since. A reader who was told is not told again.
 *
 * @param party - The patient.
 * @param audit - As `examineAudit` found it.
 * @param amended - The version that amends the record, as the chart lists it.
 * @throws MedsealError `NOT_FOUND` on a device of someone who is not a patient.
 * @example
 * ```ts
 * const { records } = await readChart(patient, { handle, purpose: 'PATRQT' });
 * const audit = await examineAudit(patient);
 * for (const amended of newestOfEach(records).filter(({ version }) => version > 1)) {
 *   const { told, untold } = await tellReaders(patient, audit, amended);
 *   console.log(`${told.length} were told, ${untold.length} were not`);
 * }
 * ```
 */
export async function tellReaders(
  party: Party,
  audit: Audit,
  amended: ChartRecord,
): Promise<ReadersTold> {
  const { recipients } = await readPatientState(party);
  const told: Address[] = [];
  const untold: (readonly [Address, MedsealError])[] = [];
  for (const [to, { entry, pair }] of await readersToTell(party, audit, amended)) {
    const { about } = aboutEntry(party, entry, pair);
    const said = { words: WORDS, topic: 'correction' } as const;
    const shown = { entry, ...(pair && { pair }) };
    try {
      await sendReport(party, { to, about, said, shown, pinned: recipients[to] });
      told.push(to);
    } catch (error) {
      if (!isMedsealError(error)) throw error;
      untold.push([to, error]);
    }
  }
  return { told, untold };
}

/** Record versions that an accepted view released. */
function versionsSeen({ body, pairs, fault }: AuditEvent): readonly ViewPair[] {
  if (body === undefined || fault !== undefined || body.flag !== 'A') return [];
  const view = askedView(body.request);
  if (view !== undefined) return view.what === 'record' ? [view] : [];
  return acceptedPairs(pairs ?? [], body.left).flatMap((pair) => ('record' in pair ? [pair] : []));
}
