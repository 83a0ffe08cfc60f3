import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { quantityIn } from '../../bindings/quantityIn.ts';
import { quantityOf } from '../../bindings/quantityOf.ts';
import { readLogRanges } from '../../bindings/readLogs.ts';
import { MOST_BLOCKS_VERIFIED } from '../../consortium/LightLogs.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { withOlderBlocks } from './withOlderBlocks.ts';

/** A log of each block of a range. */
const logsOf = (first: number, last: number): readonly { block: number }[] =>
  Array.from({ length: last - first + 1 }, (_, place) => ({ block: first + place }));

interface Played extends LedgerProvider {
  readonly asked: string[];
}

/** Plays a validator that has blocks from a lowest one to the newest. As a verified ledger does, it gives logs as far as it has blocks. */
function validator(lowest: number, newest = 100): Played {
  const asked: string[] = [];
  const require = (height: number): void => {
    if (height < lowest) throw new MedsealError('LEDGER_PRUNED', { lowest });
  };
  return {
    asked,
    request: async ({ method, params = [] }) => {
      await Promise.resolve();
      if (method === 'medseal_consensus') {
        const { height } = params[1] as { height: string };
        require(Number(height));
        return 'signed';
      }
      if (method === 'eth_getBlockByNumber') {
        const height = quantityIn(params[0], 'block');
        asked.push(`block ${height}`);
        return height < lowest || height > newest ? null : { hash: `0x${height}` };
      }
      if (method === 'eth_getTransactionByHash') {
        const height = quantityIn(params[0], 'transaction');
        asked.push(`transaction ${height}`);
        return height < lowest || height > newest ? null : { blockNumber: params[0] };
      }
      if (method === 'eth_blockNumber') return quantityOf(newest);
      if (method !== 'eth_getLogs') return method;
      const [{ fromBlock, toBlock }] = params as [{ fromBlock: string; toBlock: string }];
      const [first, last] = [quantityIn(fromBlock, 'block'), quantityIn(toBlock, 'block')];
      asked.push(`logs ${first} to ${last}`);
      require(Math.max(1, first));
      return logsOf(Math.max(1, first), Math.min(last, newest));
    },
  };
}

function failing(error: Error): LedgerProvider {
  return { request: async () => await Promise.reject(error) };
}

const logs = (first: number, last: number) => ({
  method: 'eth_getLogs',
  params: [{ fromBlock: quantityOf(first), toBlock: quantityOf(last) }],
});
const block = (height: number) => ({
  method: 'eth_getBlockByNumber',
  params: [quantityOf(height), false],
});

const transaction = (height: number) => ({
  method: 'eth_getTransactionByHash',
  params: [quantityOf(height)],
});

describe('a ledger with older blocks at other organisations', () => {
  it('asks its own validator alone for blocks that this one has', async () => {
    const other = validator(1);
    const ledger = withOlderBlocks(validator(40), () => [other]);
    assert.deepEqual(await ledger.request(logs(40, 60)), logsOf(40, 60));
    assert.deepEqual(await ledger.request(block(50)), { hash: '0x50' });
    assert.equal(await ledger.request(block(101)), null);
    assert.equal(await ledger.request({ method: 'eth_blockNumber' }), '0x64');
    assert.deepEqual(other.asked, []);
  });

  it('reads a transaction at others if its own validator removed blocks, and passes over one that does not show it', async () => {
    const [own, pruned, other] = [validator(40), validator(20), validator(1)];
    const ledger = withOlderBlocks(own, () => [pruned, other]);
    assert.deepEqual(await ledger.request(transaction(50)), { blockNumber: quantityOf(50) });
    assert.deepEqual(other.asked, []);
    assert.deepEqual(await ledger.request(transaction(7)), { blockNumber: quantityOf(7) });
    assert.deepEqual([pruned.asked, other.asked], [['transaction 7'], ['transaction 7']]);
    assert.equal(await ledger.request(transaction(101)), null);
    const away = failing(new MedsealError('LEDGER_UNREACHABLE', {}));
    const unsure = withOlderBlocks(own, () => [pruned, away]);
    await assert.rejects(unsure.request(transaction(7)), { code: 'LEDGER_UNREACHABLE' });
  });

  it('asks no other for a transaction that does not exist while its own validator has all blocks', async () => {
    const other = validator(1);
    const ledger = withOlderBlocks(validator(1), () => [other]);
    assert.equal(await ledger.request(transaction(101)), null);
    assert.deepEqual(other.asked, []);
  });

  it('reads the beginning of a range at another, and the rest at its own', async () => {
    const [own, other] = [validator(40), validator(1)];
    const ledger = withOlderBlocks(own, () => [other]);
    assert.deepEqual(await ledger.request(logs(0, 60)), logsOf(1, 60));
    assert.deepEqual(other.asked, ['logs 1 to 39']);
    assert.deepEqual(own.asked, ['logs 0 to 60', 'logs 40 to 60']);
    assert.deepEqual(await ledger.request(logs(3, 7)), logsOf(3, 7));
    assert.deepEqual(await ledger.request(block(7)), { hash: '0x7' });
  });

  it('asks others for no more blocks than are verified at once, and says that it was asked for too many', async () => {
    const [own, other] = [validator(90_000, 100_000), validator(1, 100_000)];
    const ledger = withOlderBlocks(own, () => [other]);
    const isTooWide = { code: 'LEDGER_REJECTED', values: { code: -32_005 } };
    await assert.rejects(ledger.request(logs(0, 100_000)), ({ code, values }: never) => {
      assert.deepEqual({ code, values: { code: (values as { code: number }).code } }, isTooWide);
      return true;
    });
    assert.deepEqual(other.asked, []);
    const all: unknown[] = [];
    const wanted = { addresses: [], from: 0, to: 100_000 };
    for await (const { logs: some } of readLogRanges(ledger, wanted)) {
      assert.ok(some.length <= 2 * MOST_BLOCKS_VERIFIED);
      all.push(...some);
    }
    assert.deepEqual(all, logsOf(1, 100_000));
  });

  it('reads several at once', async () => {
    const ledger = withOlderBlocks(validator(40), () => [validator(1)]);
    assert.deepEqual(await ledger.requestAll?.([block(7), block(50), logs(39, 40)]), [
      { hash: '0x7' },
      { hash: '0x50' },
      logsOf(39, 40),
    ]);
  });

  it('passes over one that lies, one that lacks them, and one of an older version', async () => {
    const told: unknown[] = [];
    const lies = failing(new MedsealError('LEDGER_UNPROVEN', { what: 'block 3' }));
    const old = failing(new MedsealError('METHOD_UNKNOWN', { method: 'of this name' }));
    const others = [lies, validator(20), old, validator(1)];
    const ledger = withOlderBlocks(
      validator(40),
      () => others,
      (error) => told.push((error as MedsealError | undefined)?.code),
    );
    assert.deepEqual(await ledger.request(logs(3, 7)), logsOf(3, 7));
    assert.deepEqual(told, [undefined, 'LEDGER_UNPROVEN', 'METHOD_UNKNOWN']);
  });

  it('believes nobody who does not have the last of them yet: logs of a range would lack its end', async () => {
    const behind = validator(1, 30);
    const ledger = withOlderBlocks(validator(40), () => [behind, validator(1)]);
    assert.deepEqual(await ledger.request(logs(3, 60)), logsOf(3, 60));
    assert.deepEqual(await ledger.request(block(35)), { hash: '0x35' });
    assert.deepEqual(behind.asked, []);
    const alone = withOlderBlocks(validator(40), () => [behind]);
    assert.deepEqual(await alone.request(logs(3, 30)), logsOf(3, 30));
    for (const call of [logs(3, 31), logs(3, 60), block(35)]) {
      await assert.rejects(alone.request(call), { code: 'LEDGER_UNREACHABLE' });
    }
  });

  it('asks first who answered last, so that one that is slow or lies costs its time once', async () => {
    let tries = 0;
    const slow: LedgerProvider = {
      request: async () => {
        tries += 1;
        return await Promise.reject(new MedsealError('LEDGER_SLOW', { seconds: 120 }));
      },
    };
    const [second, third] = [validator(1), validator(1)];
    const ledger = withOlderBlocks(validator(40), () => [slow, second, third]);
    for (const first of [1, 9, 17]) await ledger.request(logs(first, first + 7));
    assert.deepEqual([tries, second.asked.length, third.asked.length], [1, 3, 0]);
  });

  it('takes no word of another that a block is not there', async () => {
    const pruned = failing(new MedsealError('LEDGER_PRUNED', { lowest: 40 }));
    const ledger = withOlderBlocks(pruned, () => [validator(1, 30), validator(1)]);
    assert.deepEqual(await ledger.request(block(35)), { hash: '0x35' });
  });

  it('says that they are gone if nobody has them', async () => {
    const ledger = withOlderBlocks(validator(40), () => [validator(20), validator(30)]);
    const gone = { code: 'LEDGER_PRUNED', values: { lowest: 40 } };
    await assert.rejects(ledger.request(logs(3, 60)), gone);
    await assert.rejects(ledger.request(logs(3, 7)), gone);
    await assert.rejects(withOlderBlocks(validator(40), () => []).request(logs(3, 7)), gone);
  });

  for (const [reason, code] of [
    [new MedsealError('PEER_UNREACHABLE', { peer: 'insurer' }), 'PEER_UNREACHABLE'],
    [new MedsealError('LEDGER_SLOW', { seconds: 120 }), 'LEDGER_SLOW'],
    [new MedsealError('LEDGER_STALE', { age: 900 }), 'LEDGER_UNREACHABLE'],
  ] as const) {
    it(`does not say so while one cannot be asked (${reason.code})`, async () => {
      const ledger = withOlderBlocks(validator(40), () => [failing(reason), validator(20)]);
      await assert.rejects(ledger.request(logs(3, 7)), { code });
    });
  }

  it('leaves what its own validator proves to that one', async () => {
    const ledger = withOlderBlocks(validator(40), () => [validator(1)]);
    const asked = { method: 'medseal_consensus', params: ['commit', { height: '3' }] };
    await assert.rejects(ledger.request(asked), { code: 'LEDGER_PRUNED' });
  });
});
