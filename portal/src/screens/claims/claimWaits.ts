import type { ClaimFacts } from '../../../../src/protocol/care/claims.ts';
import type { Address } from '../../../../src/protocol/ids.ts';

/**
 * Tells whether a claim waits for its insurer: to decide, to open its lot, or to see that those who judge its own dispute
 * have the evidence. Once the term is over nothing of that counts any more.
 *
 * @param facts - The claim as the ledger has it.
 * @param insurer - The insurer.
 * @param now - Unix seconds.
 */
export function claimWaits(
  { state, disputant, judged, due }: Pick<ClaimFacts, 'state' | 'disputant' | 'judged' | 'due'>,
  insurer: Address,
  now: number,
): boolean {
  if (now > due) return false;
  if (state === 'disputed') return disputant !== insurer;
  if (state === 'drawn') return disputant === insurer && judged.length === 0;
  return state === 'open';
}
