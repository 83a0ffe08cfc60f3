import type { Clock } from '../protocol/Clock.ts';

/**
 * Does something again and again, a while after the last time ended.
 *
 * @param clock - Its timers.
 * @param milliseconds - How long a while is.
 * @param work - What to do.
 * @param onFailure - Told of what it throws; it is done again all the same.
 * @returns Call it to do it no more; it resolves when what is under way has ended.
 */
export function repeatedly(
  clock: Clock,
  milliseconds: number,
  work: () => Promise<unknown>,
  onFailure: (error: unknown) => void,
): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  let stopped = false;
  let cancel = clock.after(milliseconds, run);

  function run(): void {
    running = work()
      .then(() => undefined)
      .catch((error: unknown) => {
        if (!stopped) onFailure(error);
      })
      .finally(() => {
        if (!stopped) cancel = clock.after(milliseconds, run);
      });
  }

  return async () => {
    stopped = true;
    cancel();
    await running;
  };
}
