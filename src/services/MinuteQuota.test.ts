import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TestClock } from '../ledger/test/TestClock.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { MinuteQuota } from './MinuteQuota.ts';

const [one, other] = [`0x${'01'.repeat(20)}`, `0x${'02'.repeat(20)}`] as const;

describe('MinuteQuota', () => {
  it('lets each party do so much in a minute, and as much in the next', () => {
    const clock = new TestClock(60_000);
    const quota = new MinuteQuota(clock, 'births', 2);
    const take = (): void => quota.take(one);
    take();
    take();
    assert.throws(take, failsWith('QUOTA_SPENT', { what: 'births' }));
    quota.take(other);
    clock.advance(60_000);
    take();
  });

  it('takes several at once, or none of them', () => {
    const quota = new MinuteQuota(new TestClock(60_000), 'births', 3);
    quota.take(one, 2);
    assert.throws(() => quota.take(one, 2), failsWith('QUOTA_SPENT'));
    quota.take(one);
  });
});
