import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { IdleClock, type TabMessage } from './IdleClock.ts';

const MOST = 600_000;

function open(): {
  clock: IdleClock;
  locked: () => number;
  told: TabMessage[];
  wait: (milliseconds: number, steady?: number) => void;
} {
  let now = { set: 1_800_000_000_000, steady: 1000 };
  let locked = 0;
  const told: TabMessage[] = [];
  const clock = new IdleClock(MOST, {
    now: () => now,
    lock: () => (locked += 1),
    tell: (message) => told.push(message),
  });
  const wait = (milliseconds: number, steady = milliseconds): void => {
    now = { set: now.set + milliseconds, steady: now.steady + steady };
  };
  return { clock, locked: () => locked, told, wait };
}

describe('the clock that locks an idle page', () => {
  it('locks after its time without the person, with all tabs', () => {
    const { clock, locked, told, wait } = open();
    wait(MOST - 1);
    assert.equal(clock.check(), false);
    wait(1);
    assert.equal(clock.check(), true);
    assert.deepEqual([locked(), told], [1, ['lock']]);
  });

  it('locks a page that slept too long, though its person touches it before it looks at the time', () => {
    const { clock, locked, wait } = open();
    wait(MOST * 3);
    clock.active();
    assert.equal(locked(), 1);
  });

  it('locks after its time on a device whose clock was set back, or whose other clock stood still in its sleep', () => {
    for (const [milliseconds, steady] of [
      [-86_400_000, MOST],
      [MOST, 5000],
    ] as const) {
      const { clock, locked, wait } = open();
      wait(milliseconds, steady);
      assert.equal(clock.check(), true);
      assert.equal(locked(), 1);
    }
  });

  it('stays open when the clock is set forward by less than its time, and its person is there', () => {
    const { clock, locked, wait } = open();
    for (let minute = 0; minute < 30; minute++) {
      wait(MOST - 1, 60_000);
      clock.active();
    }
    assert.equal(locked(), 0);
  });

  it('stays open while the person is active here or in another tab, and tells others seldom', () => {
    const { clock, locked, told, wait } = open();
    for (let minute = 0; minute < 30; minute++) {
      wait(60_000);
      clock.active();
      clock.active();
    }
    assert.equal(told.length, 30);
    for (let minute = 0; minute < 30; minute++) {
      wait(60_000);
      clock.hear('active');
      clock.check();
    }
    assert.equal(locked(), 0);
  });

  it('locks with another tab, and ignores what no tab says', () => {
    const { clock, locked, told } = open();
    for (const message of [undefined, null, {}, 'unlock', 'LOCK', 1]) clock.hear(message);
    assert.equal(locked(), 0);
    clock.hear('lock');
    assert.deepEqual([locked(), told], [1, []]);
  });
});
