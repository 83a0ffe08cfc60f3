import type { ClaimTerms } from '../network/NetworkFile.ts';
import type { Purpose } from '../vocabulary.ts';

/** The purpose of the rights by which an insurer reads what a claim rests on. */
export const CLAIM_PURPOSE: Purpose = 'HPAYMT';
/** Terms that a claim can take: to decide, to answer, to dispute, to open a lot, to judge, to appeal. */
const TERMS = 6;

/**
 * Seconds that a right for one claim holds at most: as long as the claim can take.
 *
 * @param terms - The network's terms of claims.
 */
export function mostClaimRight({ term }: Pick<ClaimTerms, 'term'>): number {
  return TERMS * term;
}
