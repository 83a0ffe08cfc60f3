import type { Role, Service } from '../vocabulary.ts';

/** The roles that claim: those of patients and of people who treat. */
export const CLAIMANTS = [
  'patient',
  'doctor',
  'nurse',
  'pharmacist',
  'lab',
] as const satisfies readonly Role[];

/**
 * Tells whether an account of a role would tell every reader of the ledger of a patient, or of somebody who treats. Such an
 * account is in no claim.
 *
 * @param role - Role of the account; undefined if it is of no party.
 */
export function tellsOfPerson(role: Role | Service | undefined): boolean {
  return CLAIMANTS.some((each) => each === role);
}
