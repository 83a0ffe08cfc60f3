import { MedsealError } from '../errors/MedsealError.ts';

/** How far ahead of the moment of judging a deadline may lie, seconds. */
export const MAX_DEADLINE_AHEAD = 600;

/**
 * Checks that a deadline has not passed, and is not far ahead.
 *
 * @param deadline - Unix seconds.
 * @param at - The moment, Unix seconds.
 * @throws MedsealError `REQUEST_LATE`, `REQUEST_EARLY`.
 */
export function requireTimely(deadline: number, at: number): void {
  if (deadline < at) throw new MedsealError('REQUEST_LATE', {});
  if (deadline > at + MAX_DEADLINE_AHEAD) throw new MedsealError('REQUEST_EARLY', {});
}
