import type { ClaimFacts } from './claims.ts';
import { ZERO32 } from '../ids.ts';

/** States in which somebody has a term: to decide, to answer, to open a lot, to judge, or to appeal. */
const PENDING: readonly ClaimFacts['state'][] = ['open', 'asked', 'disputed', 'drawn', 'judged'];

/**
 * Tells whether a claim waits for somebody: to decide, to answer, to open a lot, to judge, or to appeal.
 *
 * @param facts - The claim's state.
 */
export function isPendingClaim({ state }: Pick<ClaimFacts, 'state'>): boolean {
  return PENDING.includes(state);
}

/**
 * Tells whether the ledger goes on with a claim once its term is over: it waits for somebody, or holds a payment.
 *
 * @param facts - The claim's state.
 */
export function hasTerm(facts: Pick<ClaimFacts, 'state' | 'treatment'>): boolean {
  return isPendingClaim(facts) || (facts.state === 'approved' && facts.treatment !== ZERO32);
}
