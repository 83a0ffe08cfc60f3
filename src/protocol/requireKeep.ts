import { MedsealError } from '../errors/MedsealError.ts';
import type { Terms } from './requests.ts';

/** The longest time for which a record may be kept after it was viewed, seconds: seven days. */
export const LONGEST_KEEP = 604_800;

/**
 * Requires that a record is kept for no longer than seven days, and no longer than the right holds.
 *
 * @param keep - Until when, Unix seconds.
 * @param at - The moment, Unix seconds.
 * @param terms - Terms of the right that the view relies on; absent on a patient's own chart.
 * @throws MedsealError `KEEP_TOO_LONG`.
 */
export function requireKeep(keep: number, at: number, terms?: Pick<Terms, 'until'>): void {
  const longest = at + LONGEST_KEEP;
  if (keep > Math.min(longest, terms?.until ?? longest))
    throw new MedsealError('KEEP_TOO_LONG', {});
}
