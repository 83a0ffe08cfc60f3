import { criticalBy } from '../../client/care/orders/criticalBy.ts';
import { ordersKept } from '../../client/care/orders/keptOrders.ts';
import { openOrder, unreadLeft } from '../../client/care/orders/openOrder.ts';
import { signOffOrder } from '../../client/care/orders/signOffOrder.ts';
import { namesOf } from '../contact/findContact.ts';
import { short } from '../describeBody.ts';
import { confirmSigning } from '../home/confirmSigning.ts';
import { openVisitor } from '../home/openVisitor.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { describeOrder, describeReport } from './describeOrder.ts';
import { despiteLines, requireDespite } from './despiteUnread.ts';
import { findOrder } from './findOrder.ts';
import type { ORDER_SIGNED_OFF } from './orderAnswers.ts';
import type { ORDER_SIGN_OFF } from './orderOptions.ts';

/**
 * Shows the results of an order of the visitor’s, and signs them off.
 *
 * @throws MedsealError `ARGUMENT_INVALID`; what `signOffOrder` throws.
 */
export async function signOffVerb(
  terminal: Terminal,
  id: string,
  options: VisitorOptions & OptionsOf<typeof ORDER_SIGN_OFF>,
): Promise<AnswerOf<typeof ORDER_SIGNED_OFF>> {
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  const place = await findOrder(visitor, id, options.patient);
  const names = await namesOf(visitor);
  const nameOf = (word: string): string => names.get(word) ?? short(word);
  terminal.progress.stage('reading the results');
  const opened = await openOrder(party, place);
  const { order } = opened;
  const unread = unreadLeft(order, opened.unread);
  requireDespite(unread, options.despiteUnread);
  const by = criticalBy(order, await ordersKept(party));
  // Signed off before, the same again is the same.
  const seen = order.toSignOff.length > 0 ? order.toSignOff : order.reports;
  await confirmSigning(terminal, visitor, [
    `  that you have seen these results, on the chart of ${nameOf(order.handle)}:`,
    `    ${describeOrder(order, nameOf, by)}`,
    ...seen.flatMap((each) => describeReport(each, nameOf)).map((line) => `    ${line}`),
    ...despiteLines(unread, nameOf),
  ]);
  const { record, already = false } = await signOffOrder(party, { ...place, seen, unread });
  return {
    value: { order: place.record, record, already, unread: unread.map((each) => each.record) },
    lines: [already ? 'These results are already signed off.' : 'The results are signed off.'],
  };
}
