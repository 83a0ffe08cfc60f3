import type { TestClock } from '../../src/ledger/test/TestClock.ts';

/** Turns of the event loop after which an awaited event needs time to pass. */
const STILL = 60;
/** Milliseconds that pass at once while something is awaited, and that something may need. */
const [STEP, PATIENCE] = [100, 600_000];

/**
 * Waits for something; lets time pass if it does not come otherwise.
 *
 * @param clock - The clock of those who do it.
 * @param work - Its end.
 * @throws Error if it takes more than ten minutes of that clock; what the work throws.
 */
export async function untilDone<Result>(clock: TestClock, work: Promise<Result>): Promise<Result> {
  const state = { ended: false };
  const settled = (): void => void (state.ended = true);
  work.then(settled, settled);
  const begin = clock.now();
  for (;;) {
    for (let turn = 0; turn < STILL && !state.ended; turn++) await turnOf();
    if (state.ended) return await work;
    if (clock.now() > begin + PATIENCE) throw new Error('it does not end');
    clock.advance(STEP);
  }
}

/** Waits until what a leap of the clock began has come to rest, unless it needs more time to pass. */
export async function untilStill(): Promise<void> {
  for (let turn = 0; turn < STILL; turn++) await turnOf();
}

async function turnOf(): Promise<void> {
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
}
