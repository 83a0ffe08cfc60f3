import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ZERO32 } from '../../protocol/ids.ts';
import type { LedgerBlock } from '../../protocol/network/LedgerBlock.ts';
import { ledgerPages } from './ledgerPages.ts';

function block(number: number): LedgerBlock {
  return { number, hash: ZERO32, parent: ZERO32, timestamp: number, transactions: [], events: [] };
}

/** A ledger of so many blocks, which notes what is read of it. */
function ledgerOf(count: number) {
  const ranges: (readonly [number, number])[] = [];
  const ledger = { newest: count - 1 };
  const pages = ledgerPages({
    newest: async () => await Promise.resolve(ledger.newest),
    read: async ({ from, to }) => {
      ranges.push([from, to]);
      return await Promise.resolve(
        Array.from({ length: to - from }, (_, place) => block(from + place)),
      );
    },
  });
  const numbers = async (from: number) => (await pages(from)).map(({ number }) => number);
  return { ledger, ranges, numbers, pages };
}

describe('pages of the ledger', () => {
  // @attack pages of blocks and facts at the rate of plain requests | routes count by their cost; blocks are kept
  it('read each block once, however often and by however many it is asked for', async () => {
    const { ledger, ranges, numbers } = ledgerOf(70);
    const asked = await Promise.all([numbers(0), numbers(0), numbers(0)]);
    assert.deepEqual(asked[0]?.length, 64);
    assert.deepEqual(await numbers(0), asked[0]);
    assert.deepEqual(await numbers(60), [60, 61, 62, 63, 64, 65, 66, 67, 68, 69]);
    ledger.newest = 70;
    assert.deepEqual((await numbers(60)).at(-1), 70);
    assert.deepEqual(ranges, [
      [0, 64],
      [64, 70],
      [70, 71],
    ]);
  });

  it('are whole when more pages are asked for at once than are kept', async () => {
    const { numbers } = ledgerOf(10_000);
    const pages = Array.from({ length: 40 }, (_, page) => page * 64);
    const found = await Promise.all(pages.map(numbers));
    assert.ok(found.every(({ length }) => length === 64));
  });

  it('have nothing beyond the newest block, and read nothing for that', async () => {
    const { ranges, numbers } = ledgerOf(3);
    for (const from of [3, 4, 2 ** 52]) assert.deepEqual(await numbers(from), []);
    assert.deepEqual(ranges, []);
  });

  it('keep a bounded number of blocks', async () => {
    const { ranges, numbers } = ledgerOf(10_000);
    for (let from = 0; from < 9600; from += 64) await numbers(from);
    await numbers(0);
    assert.deepEqual(ranges.at(-1), [0, 64]);
    const read = ranges.length;
    await numbers(9536);
    assert.equal(ranges.length, read);
  });

  it('are read again after a reading that failed', async () => {
    let fails = true;
    const pages = ledgerPages({
      newest: async () => await Promise.resolve(1),
      read: async () => {
        if (fails) throw new Error('away');
        return await Promise.resolve([block(0), block(1)]);
      },
    });
    await assert.rejects(pages(0), /away/);
    fails = false;
    assert.equal((await pages(0)).length, 2);
  });
});
