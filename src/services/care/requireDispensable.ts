import type { Submission } from '../../protocol/AgentPort.ts';
import type { Dispense, Prescription } from '../../protocol/prescriptions.ts';
import { requireOpenChart } from '../../protocol/requireOpenChart.ts';
import type { DepositStore } from '../deposits/DepositStore.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { careId } from './checkCare.ts';

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
  const { prescription } = request.message as Dispense;
  const copy = await deposits.source(careId(context, 'Prescription', prescription));
  if (copy === undefined || !('care' in copy)) return;
  const { terms } = copy.care.request.message as Prescription;
  requireOpenChart(context.index, { type: 'Dispense', handle: terms.handle });
}
