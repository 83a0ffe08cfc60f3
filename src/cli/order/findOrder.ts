import { ordersKept } from '../../client/care/orders/keptOrders.ts';
import type { OrderPlace } from '../../client/care/orders/openOrder.ts';
import { checkInbox } from '../../client/care/inbox/checkInbox.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { findPatient } from '../contact/findContact.ts';
import type { Visitor } from '../home/openVisitor.ts';
import { calledAs } from '../program/calledAs.ts';
import { readNamedId, withBeginning } from '../program/withBeginning.ts';
import { findRecord, openChart } from '../record/chart.ts';

/**
 * Finds an order by the beginning of its record’s id: among those that the device knows of, or on a chart that was named.
 *
 * @param visitor - The orderer, or the laboratory.
 * @param id - Four digits or more, with or without `0x`.
 * @param patient - The patient, as for `findPatient`; absent if none was named.
 * @throws MedsealError `ARGUMENT_INVALID`; `NOT_FOUND` if the device knows of none, or the chart has none.
 */
export async function findOrder(
  visitor: Visitor,
  id: string,
  patient: string | undefined,
): Promise<OrderPlace> {
  const named = readNamedId(id, 'order');
  const { party } = visitor;
  await checkInbox(party);
  if (patient !== undefined) {
    const found = await findPatient(visitor, patient);
    const { record } = findRecord(await openChart(visitor, found, {}), id);
    return { handle: found.handle, record };
  }
  const [kept] = withBeginning(named, await ordersKept(party), ({ record }) => record);
  if (kept !== undefined) return kept;
  const reason = `this device knows of no such order; name the patient with --patient, or see "${calledAs('order list --everywhere')}"`;
  throw new MedsealError('ARGUMENT_INVALID', { argument: id, reason });
}
