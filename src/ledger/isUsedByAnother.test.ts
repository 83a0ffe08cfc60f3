import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { quantityOf } from '../bindings/quantityOf.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import { isUsedByAnother } from './isUsedByAnother.ts';

const account = `0x${'11'.repeat(20)}` as const;
const hashOf = (nonce: number): Bytes32 => `0x${(nonce + 1).toString(16).padStart(64, '0')}`;

/** A ledger whose blocks, the first being 1, have the transactions of these nonces. */
function ledgerOf(
  blocks: readonly (readonly number[])[],
  asked: string[] = [],
  shown = blocks.length,
): LedgerProvider {
  return {
    async request({ method, params: [first, tag] = [] }) {
      asked.push(method);
      if (method === 'eth_blockNumber') return await Promise.resolve(quantityOf(blocks.length));
      if (method === 'eth_getTransactionCount') {
        return quantityOf(blocks.slice(0, Number(tag)).flat().length);
      }
      const block = blocks[Number(first) - 1];
      if (block === undefined || Number(first) > shown) return null;
      return { transactions: block.map(hashOf) };
    },
  };
}

describe('the block that used a nonce', () => {
  it('says for each transaction of a chain that it is its own, and for each other one that it is not', async () => {
    const blocks = [[], [0], [], [], [1, 2], [3], [], [], [], [4], [], []];
    const ledger = ledgerOf(blocks);
    for (const nonce of [0, 1, 2, 3, 4]) {
      const own = { account, nonce, hash: hashOf(nonce) };
      assert.equal(await isUsedByAnother(ledger, own), false, `own ${nonce}`);
      const other = { account, nonce, hash: hashOf(99) };
      assert.equal(await isUsedByAnother(ledger, other), true, `other ${nonce}`);
    }
    assert.equal(await isUsedByAnother(ledger, { account, nonce: 5, hash: hashOf(99) }), false);
  });

  it('is found in few reads, however long ago it was, and one block is read', async () => {
    const asked: string[] = [];
    const blocks = Array.from({ length: 3_000 }, (_, index) => (index === 17 ? [0] : []));
    const sent = { account, nonce: 0, hash: hashOf(99) };
    assert.equal(await isUsedByAnother(ledgerOf(blocks, asked), sent), true);
    assert.ok(asked.length < 30, String(asked.length));
    assert.equal(asked.filter((method) => method === 'eth_getBlockByNumber').length, 1);
  });

  it('says nothing before the ledger shows it', async () => {
    const ledger = ledgerOf([[], [0]], [], 1);
    assert.equal(await isUsedByAnother(ledger, { account, nonce: 0, hash: hashOf(99) }), false);
  });
});
