import { MedsealError } from '../../../errors/MedsealError.ts';
import type { ClaimFacts } from '../../../protocol/care/claims.ts';
import type { Bytes32 } from '../../../protocol/ids.ts';
import { confirmFacts } from '../../audit/confirmFacts.ts';
import type { Party } from '../../party/Party.ts';
import { confirmRule } from '../../rights/confirmRule.ts';

/**
 * Returns a claim as k coordinators say that the ledger has it: its state, its last step, its term, and what is approved.
 *
 * @param party - Party that asks.
 * @param claim - Its digest.
 * @throws MedsealError `NOT_FOUND` if the ledger does not have it; `KEY_UNAUTHENTIC`, `VERDICTS_MISSING`.
 * @example
 * ```ts
 * const { state, approved, amount } = await confirmClaim(patient, digest);
 * console.log(`${state}: ${approved} of ${amount} approved`);
 * ```
 */
export async function confirmClaim(party: Party, claim: Bytes32): Promise<ClaimFacts> {
  const facts = await confirmFacts(party, { claim });
  if (facts.claim === undefined) throw new MedsealError('NOT_FOUND', { what: 'claim' });
  return facts.claim;
}

/**
 * Waits until k coordinators say that a claim is so: what an agent says is not enough.
 *
 * @param party - Party that changed it.
 * @param claim - Its digest.
 * @param stands - True if the facts show the change.
 * @throws MedsealError `RULE_UNCONFIRMED`.
 */
export async function awaitClaim(
  party: Party,
  claim: Bytes32,
  stands: (facts: ClaimFacts) => boolean,
): Promise<ClaimFacts> {
  const { claim: facts } = await confirmRule(
    party,
    { claim },
    (each) => each.claim !== undefined && stands(each.claim),
  );
  if (facts === undefined) throw new MedsealError('RULE_UNCONFIRMED', {});
  return facts;
}
