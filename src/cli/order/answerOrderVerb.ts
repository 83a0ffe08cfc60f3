import type { Bundle } from '@medplum/fhirtypes';
import { answerOrder } from '../../client/care/orders/answerOrder.ts';
import { ordersKept } from '../../client/care/orders/keptOrders.ts';
import { openOrder, type OrderPlace } from '../../client/care/orders/openOrder.ts';
import { tellUnreadable } from '../../client/care/orders/tellOrder.ts';
import { nameOfContent } from '../../client/records/addedOnce.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { faultInWords } from '../../fhir/forms/faultInWords.ts';
import { readReport, type ReportValues } from '../../fhir/forms/reportForm.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Address } from '../../protocol/ids.ts';
import { namesOf } from '../contact/findContact.ts';
import { short } from '../describeBody.ts';
import { confirmSigning } from '../home/confirmSigning.ts';
import { openVisitor, type Visitor } from '../home/openVisitor.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { describeOrder, describeReport } from './describeOrder.ts';
import { despiteLines, requireDespite } from './despiteUnread.ts';
import { findOrder } from './findOrder.ts';
import type { ORDER_ANSWERED } from './orderAnswers.ts';
import type { ORDER_ANSWER } from './orderOptions.ts';

type AnswerOptions = VisitorOptions & OptionsOf<typeof ORDER_ANSWER>;

/**
 * Puts the report of an order on its chart, and tells whoever ordered.
 *
 * @throws MedsealError `ARGUMENT_INVALID`; what `answerOrder` throws.
 */
export async function answerOrderVerb(
  terminal: Terminal,
  id: string,
  options: AnswerOptions,
): Promise<AnswerOf<typeof ORDER_ANSWERED>> {
  const visitor = await openVisitor(terminal, options);
  const place = await findOrder(visitor, id, options.patient);
  if (!options.access) return await withoutAccess(terminal, visitor, place);
  const { party } = visitor;
  const { handle, record } = place;
  const names = await namesOf(visitor);
  const nameOf = (word: string): string => names.get(word) ?? short(word);
  terminal.progress.stage('reading the order');
  const opened = await openOrder(party, place);
  const { order } = opened;
  const unread = opened.unread.filter(({ author }) => author === party.address);
  requireDespite(unread, options.despiteUnread);
  const at = seconds(party.clock);
  const { result = [], taken = '', preliminary = false, conclusion = '' } = options;
  const values: ReportValues = {
    report: {
      taken,
      status: preliminary ? 'preliminary' : 'final',
      conclusion,
    },
    results: result,
  };
  const { bundle, faults } = readReport(values, { handle, author: party.address, at, order });
  const [fault] = faults;
  if (fault !== undefined) {
    const where = fault.result === undefined ? '' : `result ${fault.result + 1}, `;
    const argument = `${where}${fault.field}`;
    throw new MedsealError('ARGUMENT_INVALID', { argument, reason: faultInWords(fault) });
  }
  if (bundle === undefined) throw new MedsealError('INTERNAL', {});
  // Run again, it is the same report.
  const typed = utf8ToBytes(JSON.stringify([record, result, taken, preliminary, conclusion]));
  const once = await nameOfContent(party, handle, [typed], 'report');
  const { validBundle } = await import('../record/splitValidBundle.ts');
  const valid = validBundle(bundle);
  await confirmSigning(terminal, visitor, [
    `  a ${preliminary ? 'preliminary' : 'final'} report, on the chart of ${nameOf(handle)}:`,
    `    ${describeOrder(order, nameOf)}`,
    ...describeReport(reportIn(valid, party.address, at), nameOf).map((line) => `    ${line}`),
    ...despiteLines(unread, nameOf),
    '',
    `${nameOf(order.orderer)} is told. The patient can open it, and everyone whom the patient lets read these categories.`,
  ]);
  terminal.progress.stage('adding the report');
  const answered = await answerOrder(party, { ...place, bundle: valid, once, unread });
  const { untold } = answered;
  const told = untold === undefined;
  return {
    value: { order: record, records: answered.records.map((each) => each.record), told },
    lines: [
      `The report is on the chart of ${nameOf(handle)}.`,
      told
        ? `${nameOf(order.orderer)} was told.`
        : `${nameOf(order.orderer)} could not be told: ${untold.message} Run this again to tell.`,
    ],
  };
}

/** The report and its results, as they are signed. */
function reportIn({ entry = [] }: Bundle, author: Address, at: number) {
  const [report, ...results] = entry.map(({ resource }) => resource);
  return { author, at, report, results };
}

async function withoutAccess(
  terminal: Terminal,
  visitor: Visitor,
  { handle, record }: OrderPlace,
): Promise<AnswerOf<typeof ORDER_ANSWERED>> {
  const { party } = visitor;
  const known = await ordersKept(party);
  const kept = known.find((each) => each.handle === handle && each.record === record);
  if (kept === undefined) throw new MedsealError('NOT_FOUND', { what: 'order' });
  const name = (await namesOf(visitor)).get(kept.orderer) ?? short(kept.orderer);
  await terminal.confirm([`You are about to tell ${name} that you have no access to the chart.`]);
  await tellUnreadable(party, kept);
  return {
    value: { order: record, records: [], told: true },
    lines: [`${name} was told. The patient decides: "medseal request" asks for access.`],
  };
}
