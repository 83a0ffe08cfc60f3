import { MedsealError } from '../../../errors/MedsealError.ts';
import type { Address, Bytes32 } from '../../../protocol/ids.ts';
import { sendLetter } from '../../letters/letters.ts';
import type { Party } from '../../party/Party.ts';
import { readPatientState } from '../../state/PatientState.ts';
import { readWill } from './readWill.ts';

/** Result of `handOverWill`. */
export interface WillHandedOver {
  /** Parties that were sent the opening of the will. */
  readonly told: readonly Address[];
  /** Grants of the will that no device of the patient knows. */
  readonly unknown: readonly Bytes32[];
}

/**
 * Sends the opening of the patient's newest will to everyone whose right it names, by letter. Only with it do they read
 * after the patient's death. To send it again changes nothing.
 *
 * @param patient - The patient.
 * @throws MedsealError `NOT_FOUND` if there is no will, or no device of the patient kept its opening; `KEY_UNAUTHENTIC`,
 * `PARTY_UNKNOWN`, `PARTY_SUSPENDED`, `RECIPIENT_CHANGED`, `QUOTA_SPENT`.
 * @example
 * ```ts
 * const grants = [digestOf(patient, 'Grant', grant)];
 * await setWill(patient, { handle, grants, lasts: 365 * 86_400 });
 * const { told } = await handOverWill(patient);
 * console.log(`${told.length} of them can read after death`);
 * ```
 */
export async function handOverWill(patient: Party): Promise<WillHandedOver> {
  const { will } = await readWill(patient);
  if (will === undefined) throw new MedsealError('NOT_FOUND', { what: 'will on this device' });
  const { grants, recipients } = await readPatientState(patient);
  const told: Address[] = [];
  const unknown: Bytes32[] = [];
  for (const digest of new Set(will.terms.grants)) {
    const grant = grants.find((each) => each.digest === digest)?.grant;
    if (grant === undefined) {
      unknown.push(digest);
      continue;
    }
    const { grantee } = grant.terms;
    // With the right, the letter waits for as long as one that hands over a right.
    await sendLetter(patient, grantee, { grant, will }, { pinned: recipients[grantee] });
    if (!told.includes(grantee)) told.push(grantee);
  }
  return { told, unknown };
}
