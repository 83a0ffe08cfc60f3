import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { MemoryLevel } from 'memory-level';
import { isRpcError } from '../isRpcError.ts';
import { addressOf, SECRETS } from '../ledger.cases.ts';
import { openEmbeddedLedger, type EmbeddedLedger } from '../openEmbeddedLedger.ts';
import { TestClock } from '../test/TestClock.ts';

function invalid(error: unknown): boolean {
  return isRpcError(error, [-32602]);
}

describe('what one call of a ledger may ask for', () => {
  let ledger: EmbeddedLedger;
  before(async () => {
    ledger = await openEmbeddedLedger({
      database: new MemoryLevel(),
      chainId: 4242,
      genesis: { timestamp: 1_700_000_000, senders: SECRETS.map(addressOf) },
      clock: new TestClock(1_700_000_000_000),
    });
  });
  after(async () => {
    await ledger.close();
  });

  async function refuses(method: string, ...params: unknown[]): Promise<void> {
    await assert.rejects(ledger.request({ method, params }), invalid, method);
  }

  it('names a block by a number, a tag or a hash, and not by an object within an object', async () => {
    const nested = JSON.parse(
      `${'{"blockNumber":'.repeat(20_000)}"0x0"${'}'.repeat(20_000)}`,
    ) as object;
    for (const tag of [nested, { blockNumber: { blockNumber: '0x0' } }, {}, { blockNumber: 7 }]) {
      await refuses('eth_getBlockByNumber', tag, false);
    }
    const found = await ledger.request({
      method: 'eth_getBlockByNumber',
      params: [{ blockNumber: '0x0' }, false],
    });
    assert.equal((found as { number: string }).number, '0x0');
  });

  it('has no more percentiles of fees than a page, and a count of blocks that is one', async () => {
    const zeros = Array.from({ length: 101 }, () => 0);
    await refuses('eth_feeHistory', '0x1', 'latest', zeros);
    for (const count of [-1, 1.5, 2 ** 60, null, {}])
      await refuses('eth_feeHistory', count, 'latest');
    const history = await ledger.request({ method: 'eth_feeHistory', params: [5, 'latest', [1]] });
    assert.equal((history as { gasUsedRatio: unknown[] }).gasUsedRatio.length, 1);
  });

  it('has no more addresses and topics of logs than a thousand', async () => {
    const address = Array.from({ length: 1001 }, () => `0x${'ab'.repeat(20)}`);
    await refuses('eth_getLogs', { address });
    await refuses('eth_newFilter', { topics: [null, address.map(() => `0x${'ab'.repeat(32)}`)] });
    assert.deepEqual(
      await ledger.request({ method: 'eth_getLogs', params: [{ address: address.slice(1) }] }),
      [],
    );
  });
});
