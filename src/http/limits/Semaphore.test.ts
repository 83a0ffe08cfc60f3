import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TestClock } from '../../ledger/test/TestClock.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { RateLimit } from './RateLimit.ts';
import { Semaphore } from './Semaphore.ts';

/** Lets a caller in so many times. */
async function fill(turnstile: Semaphore, caller: string, times: number): Promise<(() => void)[]> {
  return await Promise.all(
    Array.from({ length: times }, async () => await turnstile.enter(caller)),
  );
}

describe('a semaphore', () => {
  const clock = new TestClock(0);
  const options = { capacity: 16, waiting: 16, patience: 1000, clock };

  it('gives one caller an eighth of the places, and others theirs', async () => {
    const turnstile = new Semaphore(options);
    const [leave] = await fill(turnstile, 'greedy', 2);
    let third = false;
    const waits = turnstile.enter('greedy').then(() => {
      third = true;
    });
    for (const caller of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) await fill(turnstile, caller, 2);
    assert.equal(turnstile.inside, 16);
    assert.equal(third, false);
    leave?.();
    leave?.();
    await waits;
    assert.equal(turnstile.inside, 16, 'leaving twice leaves once');
  });

  it('gives one place at least, however few there are', async () => {
    const turnstile = new Semaphore({ ...options, capacity: 1 });
    (await turnstile.enter('a'))();
    (await turnstile.enter('b'))();
    assert.equal(turnstile.inside, 0);
  });

  it('gives a place that becomes free to the caller that has the fewest, then in their order', async () => {
    const turnstile = new Semaphore({ ...options, capacity: 2 });
    const [first] = await fill(turnstile, 'a', 1);
    const [second] = await fill(turnstile, 'b', 1);
    const order: string[] = [];
    const wait = async (caller: string, name: string): Promise<() => void> =>
      await turnstile.enter(caller).then((leave) => {
        order.push(name);
        return leave;
      });
    const again = wait('a', 'a again');
    const other = wait('c', 'c');
    const last = wait('c', 'c again');
    second?.();
    const leave = await other;
    assert.deepEqual(order, ['c']);
    first?.();
    (await again)();
    leave();
    await last;
    assert.deepEqual(order, ['c', 'a again', 'c again']);
  });

  it('turns away a request that is one too many of its caller to wait, or has waited for too long', async () => {
    const turnstile = new Semaphore(options);
    const [leave] = await fill(turnstile, 'a', 2);
    const waiting = [turnstile.enter('a'), turnstile.enter('a')];
    await assert.rejects(turnstile.enter('a'), failsWith('OVERLOADED'));
    await turnstile.enter('b');
    clock.advance(500);
    const rejected = waiting.map(async (each) => {
      await assert.rejects(each, failsWith('OVERLOADED'));
    });
    clock.advance(500);
    await Promise.all(rejected);
    leave?.();
    assert.equal(turnstile.inside, 2);
    assert.equal(clock.pending, 0);
  });

  it('gives a place in a full queue from the caller that has the most to one that has fewer', async () => {
    const turnstile = new Semaphore({ ...options, capacity: 1, waiting: 16 });
    const leave = await turnstile.enter('inside');
    const queue = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const first = queue.map(async (caller) => await turnstile.enter(caller));
    const second = queue.map(async (caller) => await turnstile.enter(caller));
    const displaced = assert.rejects(second[0] ?? Promise.resolve(), failsWith('OVERLOADED'));
    const newcomer = turnstile.enter('newcomer');
    await displaced;
    await assert.rejects(turnstile.enter('newcomer'), failsWith('OVERLOADED'));
    leave();
    for (const each of [...first, ...second.slice(1), newcomer]) (await each)();
    assert.equal(turnstile.inside, 0);
    assert.equal(clock.pending, 0);
  });
});

describe('a limit of rate', () => {
  it('lets in a burst, and then an average per second, for each caller by itself', () => {
    const clock = new TestClock(0);
    const rate = new RateLimit(2, 3, clock);
    assert.deepEqual(
      [1, 2, 3, 4].map(() => rate.visit('a')),
      [0, 0, 0, 500],
    );
    assert.equal(rate.visit('b'), 0);
    clock.advance(499);
    assert.equal(rate.visit('a'), 1);
    clock.advance(1);
    assert.equal(rate.visit('a'), 0);
    assert.equal(rate.visit('a'), 500);
    clock.advance(1_000_000);
    assert.deepEqual(
      [1, 2, 3, 4].map(() => rate.visit('a')),
      [0, 0, 0, 500],
    );
  });

  it('counts an expensive request as several, and lets in one that costs more than the burst', () => {
    const clock = new TestClock(0);
    const rate = new RateLimit(2, 5, clock);
    assert.deepEqual([rate.visit('a', 3), rate.visit('a', 3), rate.visit('a', 2)], [0, 500, 0]);
    clock.advance(2500);
    assert.equal(rate.visit('a', 1000), 0);
    assert.equal(rate.visit('a', 1), 500);
  });

  it('forgets the caller that came longest ago rather than grow', () => {
    const rate = new RateLimit(1, 1, new TestClock(0));
    assert.equal(rate.visit('first'), 0);
    for (let caller = 0; caller < 10_000; caller++) rate.visit(`caller ${caller}`);
    assert.equal(rate.visit('first'), 0, 'it was forgotten');
    assert.equal(rate.visit('caller 9999'), 1000);
  });
});
