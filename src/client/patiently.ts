import type { Clock } from '../protocol/Clock.ts';

/** Milliseconds between two attempts. */
const PAUSE = 50;
/** How often it is tried: some seconds. */
const ATTEMPTS = 60;

/**
 * Tries something until it gives an answer, for what takes others a moment.
 *
 * @param clock - For the pauses.
 * @param attempt - Gives undefined where it is to be tried again.
 * @returns The answer, or undefined where there was none in some seconds.
 */
export async function patiently<Value>(
  clock: Pick<Clock, 'after'>,
  attempt: () => Promise<Value | undefined>,
): Promise<Value | undefined> {
  for (let left = ATTEMPTS; ; left--) {
    const value = await attempt();
    if (value !== undefined || left === 1) return value;
    await new Promise<void>((resolve) => {
      clock.after(PAUSE, resolve);
    });
  }
}
