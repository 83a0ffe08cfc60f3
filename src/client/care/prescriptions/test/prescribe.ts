import type { Party } from '../../../party/Party.ts';
import { issuePrescription, signPrescription } from '../issuePrescription.ts';
import type { PrescriptionIssued, PrescriptionSigned } from '../PrescriptionSigned.ts';
import type { NewPrescription } from '../NewPrescription.ts';
import { reviewOrder } from '../reviewOrder.ts';

/** Tests prescribe the same medicine again and again. */
const REASON = 'a further course';

/** Reviews and issues a prescription, whatever speaks against it. */
export async function prescribe(
  party: Party,
  wanted: NewPrescription,
): Promise<PrescriptionIssued> {
  return await issuePrescription(party, await reviewOrder(party, wanted), REASON);
}

/** Reviews and signs a prescription, whatever speaks against it. */
export async function signOrder(
  party: Party,
  wanted: NewPrescription,
): Promise<PrescriptionSigned> {
  return await signPrescription(party, await reviewOrder(party, wanted), REASON);
}
