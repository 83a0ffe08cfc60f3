import type { Clock } from '../../protocol/Clock.ts';
import { endsWithin } from '../../protocol/endsWithin.ts';

/** Timers of this machine; a wait for a server keeps no process from its end. */
const TIMERS: Pick<Clock, 'after'> = {
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds).unref();
    return () => clearTimeout(timer);
  },
};

/**
 * Waits for a server, but no longer than some time.
 *
 * @param milliseconds - The time.
 * @param work - As for `endsWithin`.
 * @returns True if it ended in that time.
 */
export async function answersWithin(
  milliseconds: number,
  work: Promise<unknown>,
): Promise<boolean> {
  return await endsWithin(TIMERS, milliseconds, work);
}
