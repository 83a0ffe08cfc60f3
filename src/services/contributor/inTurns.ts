import type { Clock } from '../../protocol/Clock.ts';
import { endsWithin } from '../../protocol/endsWithin.ts';

/** Milliseconds in which one item must make progress, before the next one begins as well. */
const PATIENCE = 1000;

/**
 * Does something with one item after the other, as the next need not give what one gave; but no item waits for one that
 * yields nothing.
 *
 * @param clock - Its timers.
 * @param items - The order in which they begin.
 * @param work - Does it with one; what it throws is passed over, for the next may do better.
 * @param done - Measure of all progress so far.
 * @returns Resolves when all have ended.
 */
export async function inTurns<Item>(
  clock: Pick<Clock, 'after'>,
  items: readonly Item[],
  work: (item: Item) => Promise<unknown>,
  done: () => number,
): Promise<void> {
  const under: Promise<unknown>[] = [];
  for (const item of items) {
    const working = work(item).catch(() => undefined);
    under.push(working);
    let before: number;
    let ended: boolean;
    do {
      before = done();
      ended = await endsWithin(clock, PATIENCE, working);
    } while (!ended && done() !== before);
  }
  await Promise.all(under);
}
