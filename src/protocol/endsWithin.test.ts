import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { endsWithin } from './endsWithin.ts';

/** A clock whose only timer runs when asked to, and that knows whether it was cancelled. */
function timer() {
  const state = { run: () => undefined as void, cancelled: false };
  const after = (_: number, run: () => void) => {
    state.run = run;
    return () => void (state.cancelled = true);
  };
  return { clock: { after }, state };
}

describe('waiting a while for something', () => {
  it('ends with it, and leaves no timer', async () => {
    const { clock, state } = timer();
    assert.equal(await endsWithin(clock, 1000, Promise.resolve()), true);
    assert.equal(state.cancelled, true);
  });

  it('throws its error, and leaves no timer', async () => {
    const { clock, state } = timer();
    await assert.rejects(endsWithin(clock, 1000, Promise.reject(new Error('no'))), /no/);
    assert.equal(state.cancelled, true);
  });

  it('ends when the time is over, and passes over what is thrown later', async () => {
    const { clock, state } = timer();
    const { promise, reject } = Promise.withResolvers<void>();
    const ends = endsWithin(clock, 1000, promise);
    state.run();
    assert.equal(await ends, false);
    reject(new Error('later'));
    await assert.rejects(promise, /later/);
  });
});
