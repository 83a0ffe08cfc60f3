import type { Submission } from '../../protocol/AgentPort.ts';
import { nameOfDigest } from '../../protocol/care/nameOfCare.ts';
import type { Dispense, Prescription } from '../../protocol/care/prescriptions.ts';
import type { Handle } from '../../protocol/ids.ts';
import { requireOpenChart } from '../../protocol/rights/requireOpenChart.ts';
import type { DepositStore } from '../deposits/DepositStore.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/**
 * Requires of a dispense that the patient of its prescription is not dead. The ledger hides whose prescription it is: only a
 * node that keeps the prescription can tell. Fewer nodes than a quorum lack it, so that no dispense for the dead is kept by one.
 *
 * @param context - The node's own view.
 * @param deposits - The deposits of the node.
 * @param submission - A request of care, checked.
 * @throws MedsealError `CHART_FROZEN`.
 */
export async function requireDispensable(
  context: ServiceContext,
  deposits: Pick<DepositStore, 'source'>,
  { request }: Submission,
): Promise<void> {
  if (request.type !== 'Dispense') return;
  const handle = await chartOfDispense(context, deposits, request.message as Dispense);
  if (handle !== undefined) requireOpenChart(context.index, { type: 'Dispense', handle });
}

/**
 * Returns the chart that a dispense is for, by the prescription that the node keeps; undefined if it keeps none.
 *
 * @param context - The node's own view.
 * @param deposits - The deposits of the node.
 * @param dispense - The dispense.
 */
export async function chartOfDispense(
  context: ServiceContext,
  deposits: Pick<DepositStore, 'source'>,
  { prescription }: Dispense,
): Promise<Handle | undefined> {
  const copy = await deposits.source(nameOfDigest(context, 'Prescription', prescription));
  if (copy === undefined || !('care' in copy)) return undefined;
  return (copy.care.request.message as Prescription).terms.handle;
}
