import type { ClaimFacts } from './claims.ts';

/**
 * Tells whether a claim waits for somebody: to decide, to answer, or to judge.
 *
 * @param facts - The claim's state.
 */
export function isPendingClaim({ state }: Pick<ClaimFacts, 'state'>): boolean {
  return state === 'open' || state === 'asked' || state === 'disputed';
}
