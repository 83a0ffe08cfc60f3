import type { Clock } from '../protocol/Clock.ts';

/**
 * Repeats work, each time after a pause.
 *
 * @param clock - Clock whose timers are used.
 * @param milliseconds - Length of the pause.
 * @param work - The work.
 * @param onFailure - Called with errors of the work, which is repeated all the same.
 * @returns Call it to stop; it resolves when work under way has ended.
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
