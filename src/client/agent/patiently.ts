import { seconds, type Clock } from '../../protocol/Clock.ts';

/** Milliseconds between two attempts, and between those that come after the first seconds. */
const [PAUSE, LONG_PAUSE] = [50, 1000];
/** Number of quick attempts, which take some seconds. */
const ATTEMPTS = 60;

/**
 * Repeats a question until there is an answer, for something that others need a moment for.
 *
 * @param clock - Clock for the pauses.
 * @param attempt - Question; returns undefined to be repeated.
 * @param until - Unix seconds until which a promised answer is waited for; it is waited for some seconds in any case.
 * @returns Answer, or undefined if there was no answer in that time.
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
