import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { Objection } from '../../fhir/effectiveResource.ts';
import { readKept, type KeptHolder } from '../kept/readKept.ts';
import { MOST_WORDS } from '../letters/Mistake.ts';
import type { Party } from '../party/Party.ts';
import { parseObjectionAnswer } from './answerContent.ts';
import { isAnswerAmong } from './corrections.ts';
import { isWithdrawn } from './isWithdrawn.ts';
import { newestOfEach } from './newestOfEach.ts';
import type { Chart } from './readChart.ts';
import { readRecords } from './readRecords.ts';
import type { ChartRecord } from './viewChart.ts';

/** Most bytes of a sealed objection that is opened unasked, and most objections to one record. */
const [LARGEST, MOST_OPENED] = [64 * 2 ** 10, 8];

/**
 * Returns the newest versions of the objections to a record that a chart lists, and of the answers to them.
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
 * Reads what the patient says against a record, and what its author answers. Each objection that is opened is a view, on a device without a network none. One
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
  const isAnswer = (each: ChartRecord): boolean => isAnswerAmong(listed, each);
  if (!('agent' in holder && 'openerFor' in chart)) {
    const kept = await Promise.all(
      listed.map(async (each) => await keptObjection(holder, each, isAnswer(each))),
    );
    // One that is empty was withdrawn.
    return kept.filter(({ words, answer }) => words !== '' || answer === 'amended');
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
  return standing.map((each) => objectionOf(each, isAnswer(each), words.get(each)));
}

async function keptObjection(
  holder: KeptHolder,
  version: ChartRecord,
  isAnswer: boolean,
): Promise<Objection> {
  try {
    const { content } = await readKept(holder, version);
    return objectionOf(version, isAnswer, wordsIn(content));
  } catch (error) {
    if (!isMedsealError(error)) throw error;
    return objectionOf(version, isAnswer);
  }
}

/** Of an answer, its content says what it is; the version that it names is shown, and its reader compares it with the record's. */
function objectionOf(each: ChartRecord, isAnswer: boolean, said?: string): Objection {
  const { at } = each;
  if (!isAnswer) return { at, ...(said !== undefined && { words: said }) };
  const answer = said === undefined ? undefined : parseObjectionAnswer(said);
  if (answer === undefined) return { at, answer: 'unread' };
  const { words, version } = answer;
  return {
    at,
    words,
    ...(version === undefined ? { answer: 'declined' } : { answer: 'amended', version }),
  };
}

function wordsIn(content: Uint8Array): string {
  return new TextDecoder().decode(content).slice(0, 2 * MOST_WORDS);
}
