import type { ClaimTerms, NetworkFile } from '../network/NetworkFile.ts';

/** The terms of a network whose file does not name others: thirty days. */
export const DEFAULT_CLAIM_TERMS: ClaimTerms = { term: 2_592_000 };
/** Longest term, seconds: the contract has 32 bits for it. */
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
export function areClaimTerms({ term }: ClaimTerms): boolean {
  return Number.isSafeInteger(term) && term >= 1 && term <= MOST_SECONDS;
}
