import { MedsealError } from '../../../errors/MedsealError.ts';
import type { Bytes32 } from '../../../protocol/ids.ts';
import type { PrescriptionFacts } from '../../../protocol/care/prescriptions.ts';
import { confirmFacts } from '../../audit/confirmFacts.ts';
import type { Party } from '../../party/Party.ts';
import { confirmRule } from '../../rights/confirmRule.ts';

/**
 * Returns a prescription as k coordinators say that the ledger has it: its state, its last step, how much was dispensed.
 * Anybody who has the digest may ask; where it was dispensed nobody is told.
 *
 * @param party - Party that asks.
 * @param prescription - Its digest.
 * @throws MedsealError `NOT_FOUND` if the ledger does not have it; `KEY_UNAUTHENTIC`, `VERDICTS_MISSING`.
 * @example
 * ```ts
 * const { state, dispensed, amount, fills } = await confirmPrescription(doctor, digest);
 * console.log(`${state}: ${dispensed} of ${amount * fills}`);
 * ```
 */
export async function confirmPrescription(
  party: Party,
  prescription: Bytes32,
): Promise<PrescriptionFacts> {
  const facts = await confirmFacts(party, { prescription });
  if (facts.prescription === undefined)
    throw new MedsealError('NOT_FOUND', { what: 'prescription' });
  return facts.prescription;
}

/**
 * Waits until k coordinators say that a prescription is so: what an agent says is not enough.
 *
 * @param party - Party that changed it.
 * @param prescription - Its digest.
 * @param stands - True if the facts show the change.
 * @throws MedsealError `RULE_UNCONFIRMED`.
 */
export async function awaitPrescription(
  party: Party,
  prescription: Bytes32,
  stands: (facts: PrescriptionFacts) => boolean,
): Promise<PrescriptionFacts> {
  const { prescription: facts } = await confirmRule(
    party,
    { prescription },
    (each) => each.prescription !== undefined && stands(each.prescription),
  );
  if (facts === undefined) throw new MedsealError('RULE_UNCONFIRMED', {});
  return facts;
}
