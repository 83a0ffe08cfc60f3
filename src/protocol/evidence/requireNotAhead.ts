import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds, type Clock } from '../Clock.ts';

/** Seconds by which the time of a block may be ahead of the clock of a judge. */
export const MAX_LEDGER_AHEAD = 30;

/**
 * Refuses to judge, or to build, on a block whose time is far ahead of its own clock: by such a block every deadline
 * would have passed, and rights would end that have not.
 *
 * @param timestamp - The block's time, Unix seconds.
 * @param clock - Its own clock.
 * @throws MedsealError `LEDGER_AHEAD`.
 */
export function requireNotAhead(timestamp: number, clock: Clock): void {
  if (timestamp - seconds(clock) <= MAX_LEDGER_AHEAD) return;
  throw new MedsealError('LEDGER_AHEAD', { limit: MAX_LEDGER_AHEAD });
}
