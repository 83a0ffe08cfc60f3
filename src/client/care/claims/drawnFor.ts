import type { ClaimFacts, InsuranceClaim } from '../../../protocol/care/claims.ts';
import { drawnVerifiers } from '../../../protocol/care/drawVerifiers.ts';
import type { Address } from '../../../protocol/ids.ts';
import { confirmFacts } from '../../audit/confirmFacts.ts';
import type { Party } from '../../party/Party.ts';

/**
 * Returns the verifiers who judge a disputed claim; none before both lots are open.
 *
 * @param party - Whoever knows the claim's parties.
 * @param claim - The claim.
 * @param facts - The claim as k coordinators say that the ledger has it.
 * @throws MedsealError `KEY_UNAUTHENTIC`, `VERDICTS_MISSING`.
 * @example
 * ```ts
 * const { message, facts } = await readClaim(insurer, digest);
 * console.log(await drawnFor(insurer, message, facts));
 * ```
 */
export async function drawnFor(
  party: Party,
  { terms, insurer }: InsuranceClaim,
  facts: ClaimFacts,
): Promise<readonly Address[]> {
  const sides = [...new Set([terms.claimant, terms.payee, insurer])].map(async (side) => {
    const { party: known } = await confirmFacts(party, { party: side });
    return known?.organisation;
  });
  return drawnVerifiers(facts, await Promise.all(sides));
}
