import { setImmediate } from 'node:timers/promises';

/**
 * Number of steps after which others have their turn: each verifies a signature, and hashes some thousand leaves at
 * most.
 */
const STEPS = 8;

/**
 * Does a long piece of work, and lets others have their turn in between.
 *
 * @param work - Does one step with each iteration.
 * @throws Any error of the work.
 */
export async function inSlices(work: Iterable<unknown>): Promise<void> {
  let left = STEPS;
  for (const _ of work) {
    left -= 1;
    if (left > 0) continue;
    await setImmediate();
    left = STEPS;
  }
}
