import type { ClaimJudgement, DisputeClaim, InsuranceClaim } from './claims.ts';
import type { Address } from '../ids.ts';
import type { ClaimType, Signed } from '../struct/requests.ts';

/**
 * Returns the account whose key signs a request about a claim for the ledger: one that was made for the claim, or the
 * party's own if its role is no secret.
 *
 * @param claim - The claim.
 * @param request - The request, as its party signed it for the nodes.
 */
export function claimAccountOf(
  claim: InsuranceClaim,
  { type, message }: Pick<Signed<ClaimType>, 'type' | 'message'>,
): Address {
  switch (type) {
    case 'InsuranceClaim':
    case 'ClaimSupplement':
    case 'WithdrawClaim':
      return claim.claimant;
    case 'DisputeClaim':
      return (message as DisputeClaim).party;
    case 'ClaimDecision':
      return claim.insurer;
    case 'ClaimJudgement':
      return (message as ClaimJudgement).verifier;
  }
}
