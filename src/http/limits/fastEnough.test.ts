import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TestClock } from '../../ledger/test/TestClock.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { fastEnough, type Pace } from './fastEnough.ts';
import { inLargeParts } from './inLargeParts.ts';

const PACE = { leastRate: 1000, grace: 5000 };

/** Reads parts that come after so many milliseconds each; returns their number. */
async function read(pace: Pace, parts: readonly (readonly [after: number, bytes: number])[]) {
  const clock = new TestClock(0);
  async function* sender(): AsyncGenerator<Uint8Array> {
    for (const [after, bytes] of parts) {
      const come = Promise.withResolvers<void>();
      clock.after(after, come.resolve);
      // The clock moves once the reader waits.
      setImmediate(() => clock.advance(after));
      await come.promise;
      yield new Uint8Array(bytes);
    }
  }
  let count = 0;
  for await (const part of fastEnough(clock, sender(), pace)) count += part.length === 0 ? 0 : 1;
  assert.equal(clock.pending, 0);
  return count;
}

describe('a sender', () => {
  it('may say nothing for the grace, and no longer', async () => {
    assert.equal(await read(PACE, [[4999, 1]]), 1);
    await assert.rejects(read(PACE, [[5001, 1]]), failsWith('REQUEST_SLOW'));
  });

  it('may send at the least rate for as long as it likes', async () => {
    const minutes = Array.from({ length: 120 }, () => [1000, 1000] as const);
    assert.equal(await read(PACE, minutes), 120);
  });

  // @attack a body trickles for ever | a least rate
  it('may not trickle', async () => {
    const trickle = Array.from({ length: 120 }, () => [1000, 1] as const);
    await assert.rejects(read(PACE, trickle), failsWith('REQUEST_SLOW'));
  });

  it('saves up no more than the grace by sending fast', async () => {
    await assert.rejects(read(PACE, [[0, 10_000_000], [5001, 1]]), failsWith('REQUEST_SLOW')); // prettier-ignore
  });

  it('must have sent all in the time for all', async () => {
    const minute = Array.from({ length: 60 }, () => [1000, 1000] as const);
    assert.equal(await read({ ...PACE, total: 60_001 }, minute), 60);
    await assert.rejects(read({ ...PACE, total: 59_999 }, minute), failsWith('REQUEST_SLOW'));
  });
});

async function* parts(count: number, bytes: number): AsyncGenerator<Uint8Array> {
  for (let part = 0; part < count; part++) yield await Promise.resolve(new Uint8Array(bytes));
}

async function count(stream: AsyncIterable<Uint8Array>): Promise<number> {
  let seen = 0;
  for await (const part of inLargeParts(stream)) seen += part.length === 0 ? 0 : 1;
  return seen;
}

describe('the parts of a body', () => {
  it('may be short if they are few', async () => {
    assert.equal(await count(parts(256, 1)), 256);
  });

  it('may be many if they are not short', async () => {
    assert.equal(await count(parts(10_000, 512)), 10_000);
  });

  it('may not be many and short', async () => {
    await assert.rejects(count(parts(300, 1)), failsWith('REQUEST_TOO_LARGE'));
    await assert.rejects(count(parts(100_000, 500)), failsWith('REQUEST_TOO_LARGE'));
  });
});
