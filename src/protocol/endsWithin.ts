import type { Clock } from './Clock.ts';

/**
 * Waits for something, but no longer than some time; it goes on then.
 *
 * @param clock - Times it.
 * @param milliseconds - The time.
 * @param work - Its error is thrown in that time, and passed over later.
 * @returns True if it ended in that time.
 */
export async function endsWithin(
  clock: Pick<Clock, 'after'>,
  milliseconds: number,
  work: Promise<unknown>,
): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const cancel = clock.after(milliseconds, () => resolve(false));
  return await Promise.race([work.then(() => true), late]).finally(cancel);
}
