import { isFinal, stateOfOrder } from '../../../fhir/orders/taskOfOrder.ts';
import type { Party } from '../../party/Party.ts';
import type { Chart } from '../../records/readChart.ts';
import type { ChartRecord } from '../../records/viewChart.ts';
import { answersOn } from './answersOn.ts';
import { noteOrder, type OrderKept, type RecordTold } from './keptOrders.ts';
import { unreadLeft } from './openOrder.ts';
import type { OrderRead } from './readOrders.ts';
import { mayAnswer } from './reportsOfOrders.ts';

/**
 * Notes what the chart says of an order now. The versions of which a letter told stay noted until this device read them there.
 *
 * @param party - The orderer, or the laboratory.
 * @param read - The chart, and the records of it that cannot be read now.
 * @param order - The order.
 * @returns The order as the device knows it from now on.
 */
export async function noteRead(
  party: Party,
  read: { readonly chart: Chart; readonly unread: readonly ChartRecord[] },
  order: OrderRead,
): Promise<OrderKept> {
  const { chart, unread } = read;
  const { record, handle, orderer, laboratory, at, toSignOff, reports } = order;
  const missing = unreadLeft(order, unread);
  const isOver = isDone(party, order) && missing.length === 0;
  // A record that can be read again may be a report that nobody saw: then the list looks at the order each time.
  const answers = unread.some(mayAnswer) ? {} : { answers: answersOn(chart) };
  const seen: OrderKept = {
    record,
    handle,
    orderer,
    at,
    ...(laboratory && { laboratory }),
  };
  return await noteOrder(party, seen, (known) => {
    const told = (known?.told ?? []).filter((each) => !isRead(each, chart, missing));
    const isAnswered = reports.length > 0 || told.length > 0;
    // A critical result may be among what cannot be read now.
    const isCritical =
      [...toSignOff, ...told].some(({ critical }) => critical) ||
      (known?.critical === true && missing.length > 0);
    return {
      ...seen,
      ...(isAnswered && { answered: true }),
      ...(isCritical && { critical: true }),
      ...(told.length > 0 && { told }),
      ...(known?.own && { own: known.own }),
      ...(known?.unreadable && !isAnswered && { unreadable: true }),
      ...(isOver && told.length === 0 && { done: true, ...answers }),
    };
  });
}

/** Tells whether the chart has what a letter told of, and whoever ordered read it, or passed over it. */
function isRead(
  { record, version }: RecordTold,
  { records }: Chart,
  missing: readonly ChartRecord[],
): boolean {
  const isThere = records.some((each) => each.record === record && each.version >= version);
  return isThere && !missing.some((each) => each.record === record);
}

/** Tells whether a party has nothing more to do about an order. */
function isDone(party: Party, order: OrderRead): boolean {
  const { orderer, reports, toSignOff } = order;
  const state = stateOfOrder(order);
  if (orderer === party.address) {
    return toSignOff.length === 0 && (state === 'cancelled' || state === 'completed');
  }
  const isAnswered = reports.some((each) => each.author === party.address && isFinal(each));
  return isAnswered || state === 'cancelled' || state === 'completed';
}
