import { keysToDeal } from '../../protocol/dealing/giveDeal.ts';
import type { DealingState } from '../../protocol/dealing/DealingState.ts';

/**
 * Says what a change that deals shares still lacks, and from whom.
 *
 * @param state - The change, verified.
 * @returns A line for each kind; none if all is there.
 */
export function lackingParts(state: Pick<DealingState, 'silent' | 'keys'>): readonly string[] {
  const { silent, keys } = state;
  if (silent.length > 0) return [`${silent.join(', ')} must give a recipient`];
  const lines = keys.flatMap(({ dealers, deals, needed }) => {
    const count = needed - deals.length;
    if (count === 0) return [];
    const able = [...dealers.keys()].filter((name) => keysToDeal(state, name).length > 0);
    if (able.length === count) return [`${able.join(', ')} must deal`];
    return [`${count} of ${able.join(', ')} must deal`];
  });
  return [...new Set(lines)];
}
