import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { FairTurns } from './FairTurns.ts';
import { SLICE_UNITS } from './Slices.ts';

/** Does so many slices of work. */
async function work(turns: FairTurns, slices: number, note: () => void): Promise<void> {
  const turn = turns.turn();
  await turn.begin();
  for (let slice = 0; slice < slices; slice++) {
    note();
    if (turn.count(SLICE_UNITS)) await turn.next();
  }
  turn.end();
}

describe('turns that are fair', () => {
  it('give what begins its slice before what has run for long', async () => {
    const turns = new FairTurns();
    const order: string[] = [];
    const long = work(turns, 20, () => order.push('long'));
    while (order.length < 10) await setImmediate();
    const shorts = ['a', 'b', 'c'].map(async (name) => {
      await work(turns, 2, () => order.push(name));
    });
    await Promise.all(shorts);
    const between = order.slice(10, order.lastIndexOf('c') + 1);
    // It may have had its slice already.
    assert.ok(between.filter((name) => name === 'long').length <= 1, between.join());
    assert.deepEqual(between.filter((name) => name !== 'long').toSorted(), [
      'a',
      'a',
      'b',
      'b',
      'c',
      'c',
    ]);
    await long;
    assert.equal(order.filter((name) => name === 'long').length, 20);
  });

  it('give one slice in each turn of the event loop, whoever takes it', async () => {
    const turns = new FairTurns();
    let slices = 0;
    const ended = new AbortController();
    const all = Promise.all([1, 2, 3].map(async () => await work(turns, 10, () => slices++)));
    void all.then(() => ended.abort());
    for (let before = 0; !ended.signal.aborted; before = slices) {
      await setImmediate();
      assert.ok(slices - before <= 1, `${slices - before} slices`);
    }
  });

  it('pass on what is left of a slice', async () => {
    const turns = new FairTurns();
    const order: number[] = [];
    const one = async (name: number): Promise<void> => {
      const turn = turns.turn();
      await turn.begin();
      order.push(name);
      turn.end();
    };
    const all = Promise.all([1, 2, 3, 4].map(one));
    await setImmediate();
    await setImmediate();
    assert.deepEqual(order, [1, 2, 3, 4]);
    await all;
  });
});
