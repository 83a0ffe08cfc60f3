import { MedsealError } from '../../errors/MedsealError.ts';

/** The longest time for which a record may be kept after it was viewed, seconds: seven days. */
export const LONGEST_KEEP = 604_800;

/**
 * Requires that a record is kept for no longer than seven days, and no longer than the right holds.
 *
 * @param keep - Until when, Unix seconds.
 * @param at - The moment, Unix seconds.
 * @param until - Until when the right lasts that the view relies on; `Infinity` on a patient's own chart.
 * @throws MedsealError `KEEP_TOO_LONG`.
 */
export function requireKeep(keep: number, at: number, until: number): void {
  if (keep > Math.min(at + LONGEST_KEEP, until)) throw new MedsealError('KEEP_TOO_LONG', {});
}
