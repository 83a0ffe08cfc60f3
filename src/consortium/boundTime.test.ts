import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TestClock } from '../ledger/test/TestClock.ts';
import { boundTime } from './boundTime.ts';
import type { ConsensusSource } from './connectConsensus.ts';

const late = { code: 'LEDGER_SLOW', values: { seconds: 10 } };

/** An endpoint that takes six seconds for each answer. */
function slowSource(clock: TestClock, answer: unknown = {}): ConsensusSource & { asked: number } {
  const source = {
    asked: 0,
    async request() {
      source.asked += 1;
      await new Promise<void>((resolve) => {
        clock.after(6_000, resolve);
      });
      return answer;
    },
  };
  return source;
}

/** Lets time pass in seconds, so that every timer and what hangs on it has its turn. */
async function pass(clock: TestClock, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    clock.advance(1_000);
    for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
  }
}

describe('boundTime', () => {
  // @actor a consortium's endpoint | to keep a reader waiting for hours
  it('ends a read of many answers that each come in time', async () => {
    const clock = new TestClock(0);
    const slow = slowSource(clock);
    const { source, within } = boundTime(slow, clock, 10_000);
    const read = within(async () => {
      for (let height = 0; height < 500; height += 1) await source.request('commit', {});
    });
    read.catch(() => undefined);
    await pass(clock, 30);
    await assert.rejects(read, late);
    // It asked twice in that time, and nothing after it.
    assert.equal(slow.asked, 2);
  });

  it('answers again once the read that took too long has ended', async () => {
    const clock = new TestClock(0);
    const slow = slowSource(clock);
    const { source, within } = boundTime(slow, clock, 10_000);
    const long = within(async () => {
      await source.request('commit', {});
      await source.request('commit', {});
    });
    long.catch(() => undefined);
    await pass(clock, 10);
    await assert.rejects(long, late);
    const early = within(async () => await source.request('commit', {}));
    await assert.rejects(early, late);
    await pass(clock, 3);
    const next = within(async () => await source.request('commit', {}));
    await pass(clock, 6);
    assert.deepEqual(await next, {});
    assert.equal(clock.pending, 0);
  });

  it('gives a read more time for the headers that it got, and for no more than a page of them', async () => {
    for (const [headers, seconds] of [
      [20, 600],
      [10_000, 600],
      [0, 10],
    ] as const) {
      const clock = new TestClock(0);
      const answer = { block_metas: Array.from({ length: headers }, () => ({})) };
      const source: ConsensusSource = {
        async request() {
          await new Promise<void>((resolve) => {
            clock.after(1_000, resolve);
          });
          return answer;
        },
      };
      const bounded = boundTime(source, clock, 10_000);
      // Eight pages a second, as a reader of logs asks for them.
      const read = bounded.within(async () => {
        for (let page = 0; page < 60; page += 1) {
          await Promise.all(
            Array.from({ length: 8 }, async () => await bounded.source.request('blockchain', {})),
          );
        }
      });
      let ended: unknown;
      read.catch((error: unknown) => (ended = error));
      await pass(clock, Math.min(seconds, 61));
      assert.equal(ended === undefined, headers > 0, `${headers} headers`);
    }
  });

  it('passes on what a read returns and throws', async () => {
    const clock = new TestClock(0);
    const { within } = boundTime(slowSource(clock), clock, 10_000);
    assert.equal(await within(async () => await Promise.resolve(7)), 7);
    await assert.rejects(
      within(async () => await Promise.reject(new Error('mine'))),
      /mine/,
    );
    assert.equal(clock.pending, 0);
  });
});
