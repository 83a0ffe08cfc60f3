import type { InsuranceClaimTerms } from '../../protocol/care/claims.ts';
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
  { claimant, payee }: Pick<InsuranceClaimTerms, 'claimant' | 'payee'>,
): Promise<readonly string[]> {
  if (payee === claimant) return [];
  return [`    paid to ${(await namesOf(visitor)).get(payee) ?? short(payee)}`];
}
