import { checkInbox } from '../../client/care/inbox/checkInbox.ts';
import { criticalBy, type CriticalBy } from '../../client/care/orders/criticalBy.ts';
import { listOrders } from '../../client/care/orders/listOrders.ts';
import type { OrderRead } from '../../client/care/orders/readOrders.ts';
import type { OrderKept } from '../../client/care/orders/keptOrders.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import { namesOf } from '../contact/findContact.ts';
import { describeMoment, short } from '../describeBody.ts';
import { openVisitor } from '../home/openVisitor.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { CRITICAL, describeOrder, orderForPrograms } from './describeOrder.ts';
import type { ORDERS_LISTED } from './orderAnswers.ts';
import type { ORDER_LIST } from './orderOptions.ts';

/**
 * Takes the letters that wait for the visitor, and lists the open orders as their charts have them: critical results first.
 */
export async function listOrdersVerb(
  terminal: Terminal,
  options: VisitorOptions & OptionsOf<typeof ORDER_LIST>,
): Promise<AnswerOf<typeof ORDERS_LISTED>> {
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  terminal.progress.stage('asking the nodes');
  await checkInbox(party);
  const names = await namesOf(visitor);
  const nameOf = (word: string): string => names.get(word) ?? short(word);
  const orders: Listed[] = [];
  const unread: Of<typeof ORDERS_LISTED>['unread'][number][] = [];
  const charts: Of<typeof ORDERS_LISTED>['unreadCharts'][number][] = [];
  const lines: string[] = [];
  const urgentLines: string[] = [];
  for await (const read of listOrders(party, options.everywhere)) {
    orders.push(...read.orders.map((order) => ({ order, by: criticalBy(order, read.kept) })));
    for (const kept of read.kept) {
      const code = read.error?.code;
      if (code === undefined && !read.waiting.includes(kept)) continue;
      const { record, handle, orderer, unreadable = false, critical = false } = kept;
      unread.push({ order: record, handle, orderer, ...(code && { code }), unreadable, critical });
      (critical ? urgentLines : lines).push(describeUnread(kept, code, nameOf));
    }
    if (read.unread.length > 0 || (read.error !== undefined && read.kept.length === 0)) {
      const { handle, error } = read;
      const records = read.unread.map(({ record }) => record);
      charts.push({ handle, records, ...(error && { code: error.code }) });
      const what = error === undefined ? `${records.length} records of the` : 'The';
      const why = error === undefined ? '' : ` (${error.code})`;
      const missing = 'orders or results may be missing here';
      lines.push(`${what} chart of ${nameOf(handle)} cannot be read now${why}: ${missing}`);
    }
    terminal.progress.stage(`${orders.length} orders read`);
  }
  const own = new Set(unread.filter(({ unreadable }) => unreadable).map(({ order }) => order));
  const sorted = orders.toSorted((one, other) => urgency(other) - urgency(one));
  const all = [
    ...urgentLines,
    ...sorted.map(({ order, by }) => describeOrder(order, nameOf, by)),
    ...lines,
    ...(own.size > 0 ? ['The patient decides who has access: "medseal request" asks.'] : []),
  ];
  return {
    value: {
      orders: sorted.map(({ order, by }) => orderForPrograms(order, by)),
      unread: unread.toSorted((one, other) => Number(other.critical) - Number(one.critical)),
      unreadCharts: charts,
    },
    lines: all.length === 0 ? ['There are no open orders.'] : all,
  };
}

/** An order, and by whose word a result of it is critical. */
interface Listed {
  readonly order: OrderRead;
  readonly by: CriticalBy | undefined;
}

function urgency({ order: { toSignOff }, by }: Listed): number {
  return Number(by !== undefined) * 2 + Number(toSignOff.length > 0);
}

function describeUnread(
  { record, handle, orderer, at, critical = false }: OrderKept,
  code: string | undefined,
  nameOf: (word: string) => string,
): string {
  const first = critical ? CRITICAL.letter : '';
  const what = `${first}${short(record)}  an order of ${nameOf(orderer)} for ${nameOf(handle)}, ${describeMoment(at)}`;
  if (code === undefined) return `${what}: this node does not have it yet`;
  return `${what}: it cannot be read (${code})`;
}
