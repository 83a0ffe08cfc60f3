import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TestClock } from '../../../ledger/test/TestClock.ts';
import { failsWith } from '../../../protocol/test/failsWith.ts';
import { RateLimit } from './RateLimit.ts';
import { Turnstile } from './Turnstile.ts';

describe('a turnstile', () => {
  const clock = new TestClock(0);
  const options = { capacity: 10, waiting: 2, patience: 1000, clock };

  it('lets in what it has room for, and then one after another in their order', async () => {
    const turnstile = new Turnstile(options);
    const order: string[] = [];
    const first = await turnstile.enter(6);
    const second = await turnstile.enter(4);
    const heavy = turnstile.enter(9).then((leave) => {
      order.push('heavy');
      return leave;
    });
    const light = turnstile.enter(1).then(() => order.push('light'));
    first();
    first();
    assert.equal(turnstile.inside, 4);
    assert.deepEqual(order, [], 'the light one does not overtake the heavy one');
    second();
    (await heavy)();
    await light;
    assert.deepEqual(order, ['heavy', 'light']);
    assert.equal(turnstile.inside, 1);
  });

  it('lets in by itself what is heavier than all of its room', async () => {
    const turnstile = new Turnstile(options);
    const leave = await turnstile.enter(1_000_000);
    assert.equal(turnstile.inside, 10);
    leave();
    assert.equal(turnstile.inside, 0);
  });

  it('turns away who would be one too many to wait, and who has waited for too long', async () => {
    const turnstile = new Turnstile(options);
    const leave = await turnstile.enter(10);
    const [one, another] = [turnstile.enter(10), turnstile.enter(1)];
    await assert.rejects(turnstile.enter(1), failsWith('OVERLOADED'));
    clock.advance(500);
    const rejected = [
      assert.rejects(one, failsWith('OVERLOADED')),
      assert.rejects(another, failsWith('OVERLOADED')),
    ];
    clock.advance(500);
    await Promise.all(rejected);
    leave();
    assert.equal(turnstile.inside, 0);
    assert.equal(clock.pending, 0);
  });

  it('lets in who was behind one that gave up', async () => {
    const turnstile = new Turnstile(options);
    await turnstile.enter(5);
    const heavy = turnstile.enter(10);
    clock.advance(400);
    const light = turnstile.enter(5);
    const rejected = assert.rejects(heavy, failsWith('OVERLOADED'));
    clock.advance(600);
    await rejected;
    await light;
    assert.equal(turnstile.inside, 10);
  });
});

describe('a limit of rate', () => {
  it('lets come so many at once, and so many in a second after that, each caller for itself', () => {
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

  it('forgets who came longest ago rather than grow', () => {
    const rate = new RateLimit(1, 1, new TestClock(0));
    assert.equal(rate.visit('first'), 0);
    for (let caller = 0; caller < 10_000; caller++) rate.visit(`caller ${caller}`);
    assert.equal(rate.visit('first'), 0, 'it was forgotten');
    assert.equal(rate.visit('caller 9999'), 1000);
  });
});
