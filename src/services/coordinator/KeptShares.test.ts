import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TestClock } from '../../ledger/test/TestClock.ts';
import type { Hex } from '../../protocol/ids.ts';
import { KeptShares } from './KeptShares.ts';

const clock = new TestClock(0);
const made: string[] = [];
const shareOf = async (kept: KeptShares, name: string): Promise<Hex> =>
  await kept.share(name, async () => {
    made.push(name);
    return await Promise.resolve(`0x${made.length}` as const);
  });

describe('a share that was released', () => {
  // @actor a reader who asks again and again for shares of what was just released | has coordinators compute each share again
  it('is made once in the life of its ticket, however often it is asked for, and again after it', async () => {
    const kept = new KeptShares(clock);
    const first = await shareOf(kept, 'key version');
    for (let again = 0; again < 100; again++) {
      clock.advance(2000);
      assert.equal(await shareOf(kept, 'key version'), first);
    }
    assert.deepEqual(made.splice(0), ['key version']);
    clock.advance(100_000);
    await shareOf(kept, 'key version');
    assert.deepEqual(made.splice(0), ['key version']);
  });

  it('is not that of another version or key, and the oldest gives way', async () => {
    const kept = new KeptShares(clock);
    for (let place = 0; place <= 10_000; place++) await shareOf(kept, `key ${place}`);
    assert.equal(made.splice(0).length, 10_001);
    await shareOf(kept, 'key 10000');
    await shareOf(kept, 'other 10000');
    await shareOf(kept, 'key 0');
    assert.deepEqual(made.splice(0), ['other 10000', 'key 0']);
  });
});
