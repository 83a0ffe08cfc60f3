import type { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { Clock } from '../../protocol/Clock.ts';
import { endsWithin } from '../../protocol/endsWithin.ts';

/** Number of things that are under way at once, apart from those that take long. */
const LANES = 8;
/** Milliseconds after which others no longer wait for one of them. */
const LONG = 10_000;

/**
 * Does something for each of many, a few at once: what takes long goes on, and gives up its turn.
 *
 * @param clock - Times the turns.
 * @param items - They begin in their order.
 * @param work - Does it.
 * @returns The result of each, or the error; none of the promises rejects.
 */
export function beginInLanes<Item, Result>(
  clock: Clock,
  items: readonly Item[],
  work: (item: Item, place: number) => Promise<Result>,
): readonly Promise<Result | MedsealError>[] {
  let free = LANES;
  const waiting: (() => void)[] = [];
  return items.map(async (item, place) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    const result = attempt(async () => await work(item, place));
    void endsWithin(clock, LONG, result).then(() => {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    });
    return await result;
  });
}

async function attempt<Value>(run: () => Promise<Value>): Promise<Value | MedsealError> {
  try {
    return await run();
  } catch (error) {
    return toMedsealError(error);
  }
}
