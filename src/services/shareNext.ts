/**
 * Makes a function that does some work, one run at a time. A call that comes while a run is under way waits for the
 * next one, and shares it with all others that wait: that run has seen what was there at the time of the call.
 *
 * @param work - Work of one run.
 */
export function shareNext(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let waiting: Promise<void> | undefined;

  async function run(): Promise<void> {
    waiting = undefined;
    running = work().finally(() => {
      running = undefined;
    });
    await running;
  }

  return async () => {
    if (waiting === undefined && running === undefined) await run();
    else await (waiting ??= (running ?? Promise.resolve()).then(run, run));
  };
}
