import type { InsuranceClaimTerms } from '../../protocol/claims.ts';
import { ZERO_ADDRESS } from '../../protocol/ids.ts';
import { namesOf } from '../contact/findContact.ts';
import { short } from '../describeBody.ts';
import type { Visitor } from '../home/openVisitor.ts';

/**
 * Says who a claim pays, for whoever is about to sign it; nothing if that is the claimant alone.
 *
 * @param visitor - Knows names.
 * @param terms - The parties in the claim's terms.
 */
export async function describePayees(
  visitor: Visitor,
  { claimant, payee, other }: Pick<InsuranceClaimTerms, 'claimant' | 'payee' | 'other'>,
): Promise<readonly string[]> {
  const names = await namesOf(visitor);
  const nameOf = (address: typeof payee): string => names.get(address) ?? short(address);
  if (other !== ZERO_ADDRESS)
    return [`    paid to ${nameOf(payee)} and ${nameOf(other)}, as the insurer splits it`];
  return payee === claimant ? [] : [`    paid to ${nameOf(payee)}`];
}
