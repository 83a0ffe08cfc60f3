import type { Clock } from '../protocol/Clock.ts';

/**
 * Waits.
 *
 * @param clock - Clock whose timers are used.
 * @param milliseconds - Length of the wait.
 * @param signal - Ends the wait at once.
 */
export async function pause(
  clock: Pick<Clock, 'after'>,
  milliseconds: number,
  signal?: AbortSignal,
): Promise<void> {
  if (signal?.aborted === true) return;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      cancel();
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.after(milliseconds, end);
    signal?.addEventListener('abort', end);
  });
}
