import { openOrder } from '../../client/care/orders/openOrder.ts';
import { withdrawOrder } from '../../client/care/orders/withdrawOrder.ts';
import { stateOfOrder } from '../../fhir/orders/taskOfOrder.ts';
import { namesOf } from '../contact/findContact.ts';
import { short } from '../describeBody.ts';
import { confirmSigning } from '../home/confirmSigning.ts';
import { openVisitor } from '../home/openVisitor.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { describeOrder } from './describeOrder.ts';
import { findOrder } from './findOrder.ts';
import type { ORDER_WITHDRAWN } from './orderAnswers.ts';
import type { ORDER_WITHDRAW } from './orderOptions.ts';

/**
 * Shows an order of the visitor’s, and withdraws it.
 *
 * @throws MedsealError `ARGUMENT_INVALID`; what `withdrawOrder` throws.
 */
export async function withdrawOrderVerb(
  terminal: Terminal,
  id: string,
  options: VisitorOptions & OptionsOf<typeof ORDER_WITHDRAW>,
): Promise<AnswerOf<typeof ORDER_WITHDRAWN>> {
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  const place = await findOrder(visitor, id, options.patient);
  const { record } = place;
  terminal.progress.stage('reading the order');
  const { order } = await openOrder(party, place);
  if (stateOfOrder(order) === 'cancelled') {
    const lines = [`The order ${short(record)} is already withdrawn.`];
    return { value: { order: record, already: true }, lines };
  }
  const names = await namesOf(visitor);
  const nameOf = (word: string): string => names.get(word) ?? short(word);
  await confirmSigning(terminal, visitor, [
    `  that you withdraw this order, on the chart of ${nameOf(order.handle)}:`,
    `    ${describeOrder(order, nameOf)}`,
    '  it takes no answer after that; its older versions stay in its history',
  ]);
  terminal.progress.stage('withdrawing the order');
  const already = (await withdrawOrder(party, place)) === undefined;
  return {
    value: { order: record, already },
    lines: [`The order ${short(record)} is withdrawn.`],
  };
}
