import { MedsealError } from '../../../errors/MedsealError.ts';
import { FORM_CATEGORIES } from '../../../fhir/forms/formNames.ts';
import type { RecordSeen } from '../../../fhir/orders/signOff.ts';
import type { Handle, RecordId } from '../../../protocol/ids.ts';
import { rightFor } from '../../party/knownRights.ts';
import type { Party } from '../../party/Party.ts';
import { readChart, type Chart } from '../../records/readChart.ts';
import type { ChartRecord } from '../../records/viewChart.ts';
import { readOrders, type OrderRead } from './readOrders.ts';
import { mayAnswer } from './reportsOfOrders.ts';

/** An order, by its chart and record. */
export interface OrderPlace {
  readonly handle: Handle;
  readonly record: RecordId;
}

/** An order that was read from its chart. */
export interface OrderOpened {
  readonly chart: Chart;
  readonly order: OrderRead;
  /** Records that may be its reports or results, and cannot be read now; those among them that a sign-off names do not hold it up. */
  readonly unread: readonly ChartRecord[];
}

/** Most records that a sign-off or an answer passes over. */
const MOST_UNREAD = 100;

/**
 * Reads one order as the chart has it now, by a right that the device knows.
 *
 * @param party - The orderer, or the laboratory.
 * @param place - Chart and record.
 * @returns The order, the chart that it was read from, and the records that may be its reports or results and cannot be read now. While
 * there is one, the order is not over, and `signOffOrder` and `answerOrder` refuse unless they name it.
 * @throws MedsealError `RIGHT_MISSING`, `RIGHT_ENDED`; `NOT_FOUND` if the record is something else, `NOT_YET` if the chart of this node does not
 * have it; what `readOrders` throws.
 * @example
 * ```ts
 * for (const kept of await ordersKept(laboratory)) {
 *   const { order } = await openOrder(laboratory, kept);
 *   console.log(taskOfOrder(order).status);
 * }
 * ```
 */
export async function openOrder(
  party: Party,
  { handle, record }: OrderPlace,
): Promise<OrderOpened> {
  const chart = await chartWithOrders(party, handle);
  const { orders, unread } = await readOrders(party, chart, new Set([record]));
  const [order] = orders;
  if (order === undefined) {
    // Another organisation's node may not have its entry yet.
    const isThere =
      chart.records.some((each) => each.record === record) &&
      !unread.some((each) => each.record === record);
    throw new MedsealError(isThere ? 'NOT_FOUND' : 'NOT_YET', { what: 'order' });
  }
  return { chart, order, unread: unread.filter(mayAnswer) };
}

/**
 * Returns the records that may be reports or results of an order, cannot be read now, and are named in no sign-off of whoever ordered.
 *
 * @param order - The order.
 * @param unread - Records that cannot be read now.
 * @example
 * ```ts
 * for (const kept of await ordersKept(doctor)) {
 *   const { order, unread } = await openOrder(doctor, kept);
 *   console.log(`${unreadLeft(order, unread).length} records are to be named in the sign-off`);
 * }
 * ```
 */
export function unreadLeft(
  { passedOver }: Pick<OrderRead, 'passedOver'>,
  unread: readonly ChartRecord[],
): readonly ChartRecord[] {
  return unread.filter((each) => mayAnswer(each) && !isNamed(each, passedOver));
}

/**
 * Requires that each record that could not be read is named: whoever signs knows of it.
 *
 * @param unread - Records that may belong to the order, and cannot be read now.
 * @param named - Those that whoever signs was shown.
 * @throws MedsealError `ORDER_CLOSED`.
 */
export function requireUnreadNamed(
  unread: readonly RecordSeen[],
  named: readonly RecordSeen[],
): void {
  const isAll = unread.every((each) => isNamed(each, named));
  if (isAll && unread.length <= MOST_UNREAD) return;
  const how = `${unread.length} records that may be its reports or results cannot be read now`;
  throw new MedsealError('ORDER_CLOSED', { how });
}

function isNamed({ record, version }: RecordSeen, named: readonly RecordSeen[]): boolean {
  return named.some((each) => each.record === record && each.version >= version);
}

/** Reads a chart by a right of the device that covers orders. */
export async function chartWithOrders(party: Party, handle: Handle): Promise<Chart> {
  const wanted = { handle, action: 'read', category: FORM_CATEGORIES.order } as const;
  const right = await rightFor(party, wanted);
  if (right === undefined || !right.grant.terms.categories.includes(FORM_CATEGORIES.order)) {
    throw new MedsealError('RIGHT_MISSING', {});
  }
  const { grant } = right;
  return await readChart(party, { handle, grant, purpose: grant.terms.purpose });
}
