import { seconds, type Clock } from '../protocol/Clock.ts';

/** Milliseconds between two attempts, and between those that come after the first seconds. */
const [PAUSE, LONG_PAUSE] = [50, 1000];
/** How often it is tried in quick succession: some seconds. */
const ATTEMPTS = 60;

/**
 * Tries something until it gives an answer, for what takes others a moment.
 *
 * @param clock - For the pauses.
 * @param attempt - Gives undefined if it is to be tried again.
 * @param until - Unix seconds: what was promised is waited for until then, and some seconds in any case.
 * @returns The answer, or undefined if there was none in that time.
 */
export async function patiently<Value>(
  clock: Clock,
  attempt: () => Promise<Value | undefined>,
  until = 0,
): Promise<Value | undefined> {
  for (let count = 1; ; count++) {
    const value = await attempt();
    const isQuick = count < ATTEMPTS;
    if (value !== undefined || (!isQuick && seconds(clock) > until)) return value;
    await new Promise<void>((resolve) => {
      clock.after(isQuick ? PAUSE : LONG_PAUSE, resolve);
    });
  }
}
