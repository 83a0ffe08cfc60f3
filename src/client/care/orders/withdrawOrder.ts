import { MedsealError } from '../../../errors/MedsealError.ts';
import { FORM_CATEGORIES } from '../../../fhir/forms/formNames.ts';
import { stateOfOrder } from '../../../fhir/orders/taskOfOrder.ts';
import { rightFor } from '../../party/knownRights.ts';
import type { Party } from '../../party/Party.ts';
import { forgetAdded } from '../../records/addedOnce.ts';
import { newestOfEach } from '../../records/newestOfEach.ts';
import { addAmendment, type AmendmentAdded } from '../amendments/addAmendment.ts';
import { noteRead } from './noteRead.ts';
import { openOrder, type OrderPlace } from './openOrder.ts';

/**
 * Withdraws an order of the party's own that has no final report: its next version on the chart is empty, and it takes no answer. The
 * laboratory sees that on the chart. It takes a right to correct procedures. Safe to repeat.
 *
 * @param party - Whoever ordered.
 * @param place - The order.
 * @returns Undefined if it was withdrawn before.
 * @throws MedsealError `ORDER_CLOSED` if somebody else ordered, or it has its final report; `RIGHT_MISSING`, `RIGHT_ENDED`; what `openOrder` and
 * `addRecord` throw.
 * @example
 * ```ts
 * for (const kept of await ordersKept(doctor)) {
 *   const { order } = await openOrder(doctor, kept);
 *   if (stateOfOrder(order) === 'requested') await withdrawOrder(doctor, kept);
 * }
 * ```
 */
export async function withdrawOrder(
  party: Party,
  { handle, record }: OrderPlace,
): Promise<AmendmentAdded | undefined> {
  const opened = await openOrder(party, { handle, record });
  const { chart, order } = opened;
  if (order.orderer !== party.address) {
    throw new MedsealError('ORDER_CLOSED', { how: 'only whoever ordered withdraws it' });
  }
  const state = stateOfOrder(order);
  if (state === 'cancelled') return undefined;
  if (state === 'completed') throw new MedsealError('ORDER_CLOSED', { how: 'it has its report' });
  const category = FORM_CATEGORIES.order;
  const right = await rightFor(party, { handle, action: 'amend', category, record });
  const amends = newestOfEach(chart.records).find((each) => each.record === record);
  if (right === undefined || amends === undefined) throw new MedsealError('RIGHT_MISSING', {});
  const { grant } = right;
  const { purpose } = grant.terms;
  const content = new Uint8Array();
  const added = await addAmendment(party, { handle, category, purpose, grant, content, amends });
  await forgetAdded(party, record);
  await noteRead(party, opened, { ...order, request: undefined });
  return added;
}
