import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TestClock } from '../../src/ledger/test/TestClock.ts';
import { untilUnused } from './untilUnused.ts';

describe('untilUnused', () => {
  it('ends once nobody used it for so long, counted from the latest use', () => {
    const clock = new TestClock(0);
    const usage = untilUnused(clock, 1000, new AbortController().signal);
    const signal = usage.next();
    clock.advance(900);
    usage.use();
    clock.advance(900);
    assert.equal(signal.aborted, false);
    clock.advance(100);
    assert.equal(signal.aborted, true);
    assert.equal(clock.pending, 0);
  });

  it('begins again when somebody uses it, and not before', async () => {
    const clock = new TestClock(0);
    const usage = untilUnused(clock, 1000, new AbortController().signal);
    clock.advance(1000);
    assert.equal(usage.next().aborted, true);
    let began = false;
    const begins = usage.again().then(() => (began = true));
    clock.advance(5000);
    await new Promise(setImmediate);
    assert.equal(began, false);
    usage.use();
    await begins;
    assert.equal(usage.next().aborted, false);
    await usage.again();
  });

  it('ends with all of it, while it is used, waits or rests, and leaves no timer', async () => {
    const clock = new TestClock(0);
    const end = new AbortController();
    const usage = untilUnused(clock, 1000, end.signal);
    clock.advance(1000);
    const waits = [usage.again(), usage.rest(10)];
    usage.use();
    const signal = usage.next();
    end.abort();
    await Promise.all([...waits, usage.again(), usage.rest(10)]);
    assert.equal(signal.aborted, true);
    assert.equal(clock.pending, 0);
  });
});
