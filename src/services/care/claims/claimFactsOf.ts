import type { ClaimFacts, InsuranceClaim } from '../../../protocol/care/claims.ts';
import { rankVerifiers } from '../../../protocol/care/drawVerifiers.ts';
import type { Bytes32, Organisation } from '../../../protocol/ids.ts';
import type { ServiceContext } from '../../ServiceContext.ts';

/**
 * Returns a claim as the ledger has it, with the ranking of the verifiers that were active at its block, once both lots are
 * open.
 *
 * @param context - The node's own view.
 * @param claim - The claim's digest.
 */
export function claimFactsOf(
  { index, primitives }: Pick<ServiceContext, 'index' | 'primitives'>,
  claim: Bytes32,
): ClaimFacts | undefined {
  const facts = index.claims.facts(claim);
  const lots = index.claims.lots(claim);
  const { block } = index.places.of('Claimed', claim) ?? {};
  if (facts === undefined || lots === undefined || block === undefined) return facts;
  const insured = index.party(facts.insurer)?.organisation;
  const candidates = index.verifiersAt(block).filter((each) => each.organisation !== insured);
  return { ...facts, ranking: rankVerifiers(primitives, claim, lots, candidates) };
}

/**
 * Returns the organisations that are sides of a claim: their verifiers do not judge it. Whose the accounts on the ledger are,
 * only nodes know.
 *
 * @param context - The node's own view.
 * @param claim - The claim.
 */
export function sidesOf(
  { index }: Pick<ServiceContext, 'index'>,
  { terms, insurer }: InsuranceClaim,
): readonly (Organisation | undefined)[] {
  return [terms.claimant, terms.payee, insurer].map((side) => index.party(side)?.organisation);
}
