import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HeldClock } from './HeldClock.ts';

describe('a clock that can be held', () => {
  it('stands still for whoever holds it, also if that fails, and is ahead by what was passed', async () => {
    let time = 100;
    let timers = 0;
    const clock = new HeldClock({
      now: () => time,
      after: (_, run) => {
        timers += 1;
        run();
        return () => undefined;
      },
    });
    assert.equal(clock.now(), 100);
    const failing = clock.hold(async () => {
      time = 200;
      assert.equal(clock.now(), 100);
      clock.after(1, () => undefined);
      const inner = await clock.hold(async () => await Promise.resolve(clock.now()));
      assert.equal(inner, 100);
      assert.equal(clock.now(), 100);
      throw new Error('it fails');
    });
    await assert.rejects(failing, /it fails/);
    assert.equal(timers, 1);
    assert.equal(clock.now(), 200);
    time = 300;
    assert.equal(clock.now(), 300);
    clock.pass(86_400);
    assert.equal(clock.now(), 86_400_300);
    await clock.hold(async () => {
      time = 400;
      clock.pass(1);
      assert.equal(clock.now(), 86_401_300);
      await Promise.resolve();
    });
    assert.equal(clock.now(), 86_401_400);
  });
});
