import { seconds } from '../../protocol/Clock.ts';
import { answerTo } from '../../protocol/evidence/answeredBy.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { answerDue } from '../../protocol/network/answerDue.ts';
import type { Party } from '../party/Party.ts';
import { isErasedIn } from './isErasedIn.ts';
import { isWithdrawn } from './isWithdrawn.ts';
import { newestOfEach } from './newestOfEach.ts';
import type { Chart } from './readChart.ts';
import type { ChartRecord } from './viewChart.ts';

/** An objection of the patient, and what became of it. */
export interface Correction {
  /** The objection in its newest version; `about` names the record. */
  readonly objection: ChartRecord;
  /** Last second at which an answer is in time, Unix seconds. */
  readonly due: number;
  /** `overdue` from the second after that, until there is an answer. */
  readonly state: 'open' | 'overdue' | 'answered' | 'withdrawn';
  /** The answer in its newest version: an amendment or a reason, as its content says. */
  readonly answer?: ChartRecord;
  /** The patient's statement of disagreement with the answer, in its newest version. */
  readonly statement?: ChartRecord;
}

/**
 * Returns the objections that a chart lists, with the date by which each is to be answered, and the answer. It opens nothing: the
 * signed entries say which record an objection is about, and the id of an answer what it answers.
 *
 * @param party - The patient, or a reader.
 * @param chart - The chart. Objections that the patient erased with a category wait for nobody.
 * @returns In the order in which they were made.
 * @example
 * ```ts
 * const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
 * for (const { objection, due, state } of await listCorrections(patient, chart)) {
 *   if (state === 'overdue') console.log(objection.about, new Date(due * 1000).toISOString());
 * }
 * ```
 */
export async function listCorrections(
  party: Party,
  chart: Pick<Chart, 'records' | 'openerFor'>,
): Promise<readonly Correction[]> {
  const said = chart.records.filter((each) => {
    return each.about !== ZERO32 && !isErasedIn(chart, each);
  });
  const newest = newestOfEach(said);
  const all: Correction[] = [];
  for (const objection of newest) {
    const first = said.find((each) => each.record === objection.record && each.version === 1);
    if (first === undefined || depthAmong(newest, objection) > 0) continue;
    const answer = replyAmong(newest, objection);
    const statement = answer && replyAmong(newest, answer);
    const due = answerDue(party.network, first.at);
    const state = (await isWithdrawn(party, objection))
      ? 'withdrawn'
      : answer !== undefined
        ? 'answered'
        : seconds(party.clock) > due
          ? 'overdue'
          : 'open';
    all.push({ objection, due, state, ...(answer && { answer }), ...(statement && { statement }) });
  }
  return all;
}

/**
 * Tells whether something that was said beside a record is an author's answer: the first word is the patient's, and both take turns.
 *
 * @param listed - All that is said beside the record, each in one version.
 * @param each - One of them.
 * @example
 * ```ts
 * const { records } = await readChart(doctor, { handle, grant, purpose: 'TREAT' });
 * for (const each of records) {
 *   const said = objectionsAmong(records, { record: each.about });
 *   if (isAnswerAmong(said, each)) console.log(`${each.record} answers an objection`);
 * }
 * ```
 */
export function isAnswerAmong(listed: readonly ChartRecord[], each: ChartRecord): boolean {
  return depthAmong(listed, each) % 2 === 1;
}

/** Number of words before it that lead to it; 0 for an objection. Nobody answers their own words. */
function depthAmong(listed: readonly ChartRecord[], each: ChartRecord): number {
  let [depth, last] = [0, each];
  for (;;) {
    const before = listed.find((other) => isReply(other, last));
    if (before === undefined) return depth;
    [depth, last] = [depth + 1, before];
  }
}

function replyAmong(listed: readonly ChartRecord[], to: ChartRecord): ChartRecord | undefined {
  return listed.find((each) => isReply(to, each));
}

/** Any two of the words said on a chart are compared: the id of an answer, which takes long arithmetic, comes last. */
function isReply(to: ChartRecord, each: ChartRecord): boolean {
  const mayBe = to.about === each.about && to.begunBy !== each.begunBy;
  return mayBe && answerTo(to.record) === each.record;
}
