import type { DisputeClaim, InsuranceClaim } from './claims.ts';
import type { Address } from '../ids.ts';
import type { ClaimType, Signed } from '../struct/requests.ts';

/**
 * Tells whether a request about a claim is of the side that takes this step. Of a judgement only
 * the ledger knows its verifiers.
 *
 * @param claim - The claim.
 * @param request - The request, its signature verified.
 */
export function isClaimSide(
  claim: InsuranceClaim,
  { type, party, message }: Signed<ClaimType>,
): boolean {
  switch (type) {
    case 'ClaimDecision':
      return party === claim.insurer;
    case 'DisputeClaim':
      return (message as DisputeClaim).party === disputant(claim, party);
    case 'ClaimJudgement':
      return party !== claim.terms.claimant && party !== claim.insurer;
    case 'InsuranceClaim':
    case 'ClaimSupplement':
    case 'WithdrawClaim':
      return party === claim.terms.claimant;
  }
}

/** The account with which a party disputes a claim. */
function disputant(
  { terms, claimant, insurer }: InsuranceClaim,
  party: Address,
): Address | undefined {
  if (party === terms.claimant) return claimant;
  return party === insurer ? insurer : undefined;
}
