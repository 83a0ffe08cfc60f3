import type { ClaimTerms, NetworkFile } from './NetworkFile.ts';

/** The terms of a network whose file does not name others: thirty days, and no netting. */
export const DEFAULT_CLAIM_TERMS: ClaimTerms = { term: 2_592_000, period: 0 };
/** Longest term and period, seconds: the contracts have 32 bits for each. */
const MOST_SECONDS = 2 ** 32 - 1;

/**
 * Returns the terms of a network's claims.
 *
 * @param network - The network file.
 */
export function claimTermsOf({ claims }: Pick<NetworkFile, 'claims'>): ClaimTerms {
  return claims ?? DEFAULT_CLAIM_TERMS;
}

/**
 * Tells whether claims can have these terms.
 *
 * @param terms - Numbers, not trusted.
 */
export function areClaimTerms({ term, period }: ClaimTerms): boolean {
  return [term, period].every(Number.isSafeInteger) && term >= 1 && period >= 0
    ? Math.max(term, period) <= MOST_SECONDS
    : false;
}
