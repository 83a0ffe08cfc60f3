import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inTurns } from './inTurns.ts';

async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** Work with one after the other that is ended by hand, on a clock that is moved by hand. */
function world(): {
  readonly clock: Parameters<typeof inTurns>[0];
  readonly begun: string[];
  readonly timers: Set<() => void>;
  readonly work: (item: string) => Promise<void>;
  readonly end: (item: string, error?: Error) => Promise<void>;
  readonly pass: () => Promise<void>;
} {
  const begun: string[] = [];
  const timers = new Set<() => void>();
  const ends = new Map<string, PromiseWithResolvers<void>>();
  return {
    begun,
    timers,
    clock: {
      after: (milliseconds, run) => {
        assert.equal(milliseconds, 1000);
        timers.add(run);
        return () => timers.delete(run);
      },
    },
    work: async (item) => {
      begun.push(item);
      const end = Promise.withResolvers<void>();
      ends.set(item, end);
      await end.promise;
    },
    end: async (item, error) => {
      if (error === undefined) ends.get(item)?.resolve();
      else ends.get(item)?.reject(error);
      await settled();
    },
    pass: async () => {
      for (const run of timers) {
        timers.delete(run);
        run();
      }
      await settled();
    },
  };
}

describe('one after the other', () => {
  it('begins the next one when the one before has ended, whatever it threw', async () => {
    const { clock, work, end, begun, timers } = world();
    const all = inTurns(clock, ['a', 'b', 'c'], work, () => 0);
    assert.deepEqual(begun, ['a']);
    await end('a');
    assert.deepEqual(begun, ['a', 'b']);
    await end('b', new Error('unplugged'));
    assert.deepEqual(begun, ['a', 'b', 'c']);
    await end('c');
    await all;
    assert.equal(timers.size, 0);
  });

  it('does not wait for one of which nothing comes, and ends when it has', async () => {
    const { clock, work, end, pass, begun } = world();
    let ended = false;
    const all = inTurns(clock, ['a', 'b'], work, () => 0).then(() => (ended = true));
    await pass();
    assert.deepEqual(begun, ['a', 'b']);
    await end('b');
    assert.equal(ended, false);
    await end('a');
    assert.equal(await all, true);
  });

  it('waits for one as long as something comes of it', async () => {
    const { clock, work, end, pass, begun } = world();
    let done = 0;
    const all = inTurns(clock, ['a', 'b'], work, () => done);
    for (done = 1; done < 5; done++) await pass();
    assert.deepEqual(begun, ['a']);
    await pass();
    await pass();
    assert.deepEqual(begun, ['a', 'b']);
    await end('a');
    await end('b');
    await all;
  });
});
