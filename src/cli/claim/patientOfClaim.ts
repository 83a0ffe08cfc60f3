import { ownHandle } from '../../client/state/ownHandle.ts';
import type { InsuranceClaim } from '../../protocol/care/claims.ts';
import { findPatient, type PatientContact } from '../contact/findContact.ts';
import type { Visitor } from '../home/openVisitor.ts';

/**
 * Returns the patient whose chart a claim is about.
 *
 * @param visitor - Patient, or whoever claims for the patient.
 * @param claim - The claim.
 */
export async function patientOfClaim(
  visitor: Visitor,
  { terms: { handle } }: InsuranceClaim,
): Promise<PatientContact> {
  const isOwn = (await ownHandle(visitor.party)) === handle;
  return await findPatient(visitor, isOwn ? undefined : handle);
}
