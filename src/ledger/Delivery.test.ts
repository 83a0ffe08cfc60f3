import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { failsWith } from '../protocol/test/failsWith.ts';
import { ZERO32, ZERO_ADDRESS } from '../protocol/ids.ts';
import { Delivery } from './Delivery.ts';
import { TestClock } from './test/TestClock.ts';

const SENT = { account: ZERO_ADDRESS, nonce: 0, hash: ZERO32, raw: '0x' } as const;
const RECEIPT = { status: '0x1' };
const [MINUTE, DAY] = [60_000, 86_400_000];

/** A delivery of a transaction that is in no block yet; a machine that sleeps for a day meanwhile. */
async function overSleep(blockComes: boolean): Promise<{ readonly delivered: Promise<unknown> }> {
  const clock = new TestClock(0);
  let receipt: unknown = null;
  const provider = {
    async request({ method }: { readonly method: string }): Promise<unknown> {
      return await Promise.resolve(method === 'eth_getTransactionReceipt' ? receipt : null);
    },
  };
  const delivered = new Delivery(provider, clock).deliver(SENT, MINUTE);
  delivered.catch(() => undefined);
  while (clock.pending === 0) await setImmediate();
  if (blockComes) receipt = RECEIPT;
  clock.advance(DAY);
  return await Promise.resolve({ delivered });
}

describe('a delivery on a machine that slept past its deadline', () => {
  it('has the receipt that came meanwhile, and does not say that the block is yet to come', async () => {
    const { delivered } = await overSleep(true);
    assert.deepEqual(await delivered, RECEIPT);
  });

  it('ends if there is still none', async () => {
    const { delivered } = await overSleep(false);
    await assert.rejects(delivered, failsWith('NOT_YET'));
  });
});
