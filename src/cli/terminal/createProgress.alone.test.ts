import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { createProgress } from './createProgress.ts';
import type { Progress } from './Terminal.ts';

/** Progress on a terminal whose time passes when a test says so. */
function watch(
  t: TestContext,
  { isTTY = true } = {},
): {
  readonly progress: Progress;
  readonly pass: (ms: number) => void;
  readonly said: () => string;
} {
  let now = 0;
  let said = '';
  t.mock.timers.enable({ apis: ['setInterval'] });
  t.mock.method(performance, 'now', () => now);
  const write = (text: string): boolean => {
    said += text;
    return true;
  };
  return {
    progress: createProgress({ isTTY, write } as NodeJS.WriteStream),
    pass(milliseconds) {
      for (let left = milliseconds; left > 0; left -= 250) {
        now += 250;
        t.mock.timers.tick(250);
      }
    },
    said: () => said.split('\r\u001B[K').at(-1) ?? '',
  };
}

async function* pieces(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(1000);
  await Promise.resolve();
}

describe('what is said of a command that goes on', () => {
  it('is what it does and how far it is, once it takes more than a second', async (t) => {
    const { progress, pass, said } = watch(t);
    progress.stage('sealing');
    pass(750);
    assert.equal(said(), '');
    pass(250);
    assert.equal(said(), 'sealing … 1 s');
    for await (const _ of progress.counted(pieces(), 4000));
    pass(1000);
    assert.equal(said(), 'sealing … 2 s, 1.0 kB, 25 %');
    progress.end();
    pass(5000);
    assert.equal(said(), '');
  });

  it('is nothing while it waits for an answer, however long that takes', async (t) => {
    const { progress, pass, said } = watch(t);
    pass(2000);
    assert.equal(said(), 'working … 2 s');
    await progress.aside(async () => {
      assert.equal(said(), '');
      pass(60_000);
      assert.equal(said(), '');
      await Promise.resolve();
    });
    pass(750);
    assert.equal(said(), '');
    pass(250);
    assert.equal(said(), 'working … 1 s');
  });

  it('is nothing if there is no terminal', async (t) => {
    const { progress, pass, said } = watch(t, { isTTY: false });
    progress.stage('sealing');
    pass(10_000);
    assert.equal(await progress.aside(async () => await Promise.resolve(7)), 7);
    assert.equal(said(), '');
  });
});
