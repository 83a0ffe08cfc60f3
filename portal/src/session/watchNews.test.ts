import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { watchNews, type NewsWatch, type RunningWatch } from './watchNews.ts';

/** A watch whose time passes by hand. */
function watched(watch: Partial<NewsWatch> = {}): {
  readonly watch: RunningWatch;
  readonly pauses: number[];
  readonly taken: () => number;
  readonly pass: () => Promise<void>;
} {
  const pauses: number[] = [];
  let next: (() => void) | undefined;
  let taken = 0;
  const { take } = watch;
  const running = watchNews({
    isSeen: () => true,
    ...watch,
    after(milliseconds, run) {
      pauses.push(milliseconds);
      next = run;
      return () => {
        if (next === run) next = undefined;
      };
    },
    async take() {
      taken += 1;
      await take?.();
    },
  });
  const pass = async (): Promise<void> => {
    const run = next;
    next = undefined;
    run?.();
    await turn();
  };
  return { watch: running, pauses, taken: () => taken, pass };
}

describe('the watch for letters', () => {
  it('looks every 20 seconds, and never more after its end', async () => {
    const { watch, pauses, taken, pass } = watched();
    await pass();
    await pass();
    assert.deepEqual([taken(), pauses], [2, [20_000, 20_000, 20_000]]);
    watch.end();
    await pass();
    watch.look();
    assert.equal(taken(), 2);
  });

  it('asks nothing while nobody sees the page, and at once when somebody comes back', async () => {
    let isSeen = false;
    const { watch, taken, pass } = watched({ isSeen: () => isSeen });
    await pass();
    watch.look();
    assert.equal(taken(), 0);
    isSeen = true;
    watch.look();
    assert.equal(taken(), 1);
  });

  it('waits twice as long after each look that fails, ten minutes at most', async () => {
    const { pauses, pass } = watched({
      take: async () => await Promise.reject(new Error('nobody answers')),
    });
    for (let round = 0; round < 7; round++) await pass();
    assert.deepEqual(pauses.slice(0, 4), [20_000, 40_000, 80_000, 160_000]);
    assert.equal(pauses.at(-1), 600_000);
  });

  it('looks once at a time', async () => {
    const { watch, taken } = watched({ take: async () => await new Promise(() => undefined) });
    watch.look();
    watch.look();
    assert.equal(taken(), 1);
    await turn();
  });
});
