import { utf8ToBytes } from '../../crypto/bytes.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Objection } from '../../fhir/effectiveResource.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { readKept, type KeptHolder } from '../kept/readKept.ts';
import { MOST_WORDS, soundWords } from '../letters/Mistake.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState } from '../state/PatientState.ts';
import { nameOfContent } from './addedOnce.ts';
import { addRecord } from './addRecord.ts';
import { isWithdrawn } from './isWithdrawn.ts';
import type { LoggedVersion } from './logVersion.ts';
import { newestOfEach } from './newestOfEach.ts';
import type { Chart } from './readChart.ts';
import { readRecords } from './readRecords.ts';
import type { ChartRecord } from './viewChart.ts';

/** Most bytes of a sealed objection that is opened unasked, and most objections to one record. */
const [LARGEST, MOST_OPENED] = [64 * 2 ** 10, 8];

/** A patient's words against a record of their own chart. */
export interface NewObjection {
  /** The record, in any version, as the chart lists it. */
  readonly record: ChartRecord;
  /** The patient's words, 2,000 characters at most. */
  readonly words: string;
}

/**
 * Puts what a patient says against a record beside it: a statement of disagreement, in evidence, which everybody reads who may read
 * the record, and nobody else changes. The record stays as its author wrote it. The same words again are added once; the patient
 * amends or withdraws them like any record of their own.
 *
 * @param party - The patient.
 * @param objection - Record and words.
 * @throws MedsealError `ARGUMENT_INVALID` for words that are empty or too long, for a record that the patient began and for an
 * objection; `NOT_FOUND` on a device of someone who is not a patient; what `addRecord` throws.
 * @example
 * ```ts
 * const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
 * const wrong = chart.records.find(({ begunBy }) => begunBy !== patient.address);
 * const words = 'I have never had asthma.';
 * if (wrong !== undefined) await objectToRecord(patient, { record: wrong, words });
 * ```
 */
export async function objectToRecord(
  party: Party,
  { record, words: given }: NewObjection,
): Promise<LoggedVersion> {
  const words = soundWords(given);
  if (words === undefined) {
    throw invalid('words', `must have 1 to ${MOST_WORDS} characters (got ${given.trim().length})`);
  }
  if (record.about !== ZERO32) throw invalid('record', 'it is an objection itself');
  if (record.begunBy === party.address) {
    throw invalid('record', 'it is your own; amend the record instead');
  }
  const { handle } = await readPatientState(party);
  const { category, record: about } = record;
  const content = utf8ToBytes(words);
  const once = await nameOfContent(party, handle, [content], about);
  return await addRecord(party, { handle, category, content, purpose: 'PATRQT', about, once });
}

/**
 * Returns the newest versions of the objections to a record that a chart lists.
 *
 * @param records - As the chart lists them.
 * @param record - The record, in any version.
 * @example
 * ```ts
 * const { records } = await readChart(doctor, { handle, grant, purpose: 'TREAT' });
 * console.log(`${objectionsAmong(records, record).length} objections`);
 * ```
 */
export function objectionsAmong(
  records: readonly ChartRecord[],
  { record }: Pick<ChartRecord, 'record'>,
): readonly ChartRecord[] {
  return newestOfEach(records.filter((each) => each.about === record));
}

/**
 * Returns the objections to a record that are opened with it, unasked: the newest few that are small. A reader pays for each
 * with a view, so a patient who writes thousands does not have them all opened.
 *
 * @param records - As the chart lists them.
 * @param record - The record, in any version.
 */
export function objectionsOpened(
  records: readonly ChartRecord[],
  record: Pick<ChartRecord, 'record'>,
): readonly ChartRecord[] {
  return objectionsAmong(records, record)
    .filter(({ size }) => size <= LARGEST)
    .slice(-MOST_OPENED);
}

/**
 * Reads what the patient says against a record. Each objection that is opened is a view, on a device without a network none. One
 * that cannot be opened is there without words, as are all but the newest few; one that the patient withdrew is not. Whatever
 * fails, the record that was read stays read.
 *
 * @param holder - The reader.
 * @param chart - The chart that lists the record, released or kept.
 * @param record - The record, in any version.
 * @returns Not trusted words, in the order in which they were added.
 * @throws MedsealError `FOLDER_UNWRITABLE` if the device cannot delete an objection that it kept and whose time is over.
 * @example
 * ```ts
 * const chart = await readChart(doctor, { handle, grant, purpose: 'TREAT' });
 * for (const { at, words } of await readObjections(doctor, chart, record)) {
 *   console.log(new Date(at * 1000).toISOString(), words ?? 'not opened');
 * }
 * ```
 */
export async function readObjections(
  holder: Party | KeptHolder,
  chart: Chart | Pick<Chart, 'records'>,
  record: Pick<ChartRecord, 'record'>,
): Promise<readonly Objection[]> {
  const listed = objectionsAmong(chart.records, record);
  if (listed.length === 0) return [];
  if (!('agent' in holder && 'openerFor' in chart)) {
    const kept = await Promise.all(listed.map(async (each) => await keptObjection(holder, each)));
    // One that is empty was withdrawn.
    return kept.filter(({ words }) => words !== '');
  }
  const standing: ChartRecord[] = [];
  for (const each of listed) if (!(await isWithdrawn(holder, each))) standing.push(each);
  const words = new Map<ChartRecord, string>();
  try {
    for await (const read of readRecords(holder, chart, objectionsOpened(standing, record))) {
      if (!('error' in read)) words.set(read.record, wordsIn(read.content));
    }
  } catch (error) {
    if (!isMedsealError(error)) throw error;
  }
  return standing.map((each) => objectionOf(each, words.get(each)));
}

async function keptObjection(holder: KeptHolder, version: ChartRecord): Promise<Objection> {
  try {
    const { content } = await readKept(holder, version);
    return objectionOf(version, wordsIn(content));
  } catch (error) {
    if (!isMedsealError(error)) throw error;
    return objectionOf(version);
  }
}

function objectionOf({ at }: ChartRecord, words?: string): Objection {
  return { at, ...(words !== undefined && { words }) };
}

function wordsIn(content: Uint8Array): string {
  return new TextDecoder().decode(content).slice(0, MOST_WORDS);
}

function invalid(argument: string, reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}
