import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { MemoryLevel } from 'memory-level';
import { isRpcError } from '../isRpcError.ts';
import { addressOf, SECRETS } from '../ledger.cases.ts';
import { openEmbeddedLedger, type EmbeddedLedger } from '../openEmbeddedLedger.ts';
import { openSender } from '../openSender.ts';
import { systemClock } from '../../folder/systemClock.ts';
import { portablePrimitives as primitives } from '../../crypto/portablePrimitives.ts';
import { assemble } from '../test/assemble.ts';
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

  it('has no more data than a transaction can have, wherever it stands', async () => {
    const long = `0x${'00'.repeat(128 * 1024 + 1)}`;
    await refuses('eth_call', { data: long }, 'latest');
    await refuses('eth_estimateGas', { input: long });
    await refuses('web3_sha3', long);
    const sent = ledger.request({ method: 'eth_sendRawTransaction', params: [long] });
    await assert.rejects(sent, (error) => isRpcError(error, [-32000]));
  });

  it('has no more storage words to prove than a page', async () => {
    const address = `0x${'ab'.repeat(20)}`;
    const slots = Array.from({ length: 129 }, (_, slot) => `0x${slot.toString(16)}`);
    await refuses('eth_getProof', address, slots, 'latest');
    const params = [address, slots.slice(1), 'latest'];
    const found = await ledger.request({ method: 'eth_getProof', params });
    assert.equal((found as { storageProof: unknown[] }).storageProof.length, 128);
  });

  it('has no more of the data of logs than 4 MiB, unless one block alone has it', async () => {
    const secret = SECRETS[0];
    const sender = openSender({
      provider: ledger,
      chainId: 4242,
      clock: systemClock,
      primitives,
      secret,
    });
    // A million bytes of memory as a log.
    const data = assemble('1000000 0 LOG0').runtime;
    for (let block = 0; block < 5; block++) await sender.send({ data, gas: 12_000_000 });
    const logs = async (from: number, to: number): Promise<unknown[]> => {
      const [fromBlock, toBlock] = [from, to].map((number) => `0x${number.toString(16)}`);
      const found = await ledger.request({
        method: 'eth_getLogs',
        params: [{ fromBlock, toBlock }],
      });
      return found as unknown[];
    };
    assert.equal((await logs(1, 4)).length, 4);
    await assert.rejects(logs(1, 5), (error) => isRpcError(error, [-32005]));
  });

  it('tells a filter of the blocks since it was opened', async () => {
    const filter = await ledger.request({ method: 'eth_newBlockFilter' });
    const secret = SECRETS[1];
    const sender = openSender({
      provider: ledger,
      chainId: 4242,
      clock: systemClock,
      primitives,
      secret,
    });
    await sender.send({ data: assemble('STOP').runtime, gas: 100_000 });
    const news = await ledger.request({ method: 'eth_getFilterChanges', params: [filter] });
    assert.equal((news as unknown[]).length, 1);
  });
});
