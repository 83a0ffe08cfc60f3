import { MedsealError } from '../../errors/MedsealError.ts';

/** Seconds by which a deadline may be after the moment of judging. */
export const MAX_DEADLINE_AHEAD = 600;

/**
 * Requires that a deadline has not passed, and is not too far in the future.
 *
 * @param deadline - Unix seconds.
 * @param at - The moment, Unix seconds.
 * @param ahead - Seconds by which the deadline may be later.
 * @throws MedsealError `REQUEST_LATE`, `REQUEST_EARLY`.
 */
export function requireTimely(deadline: number, at: number, ahead = MAX_DEADLINE_AHEAD): void {
  if (deadline < at) throw new MedsealError('REQUEST_LATE', {});
  if (deadline > at + ahead) throw new MedsealError('REQUEST_EARLY', {});
}
