import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failsWith } from '../protocol/test/failsWith.ts';
import { network } from '../protocol/test/sampleNetwork.ts';
import type { LedgerProvider } from './LedgerProvider.ts';
import { readBlocks } from './readBlocks.ts';

const HASH = `0x${'ab'.repeat(32)}`;
const BLOCK = {
  number: '0x2',
  hash: HASH,
  parentHash: HASH,
  timestamp: '0x5',
  transactions: [HASH],
};

/** A ledger of three blocks that answers as it is told. */
function ledger(answers: Readonly<Record<string, unknown>>): LedgerProvider {
  const all: Readonly<Record<string, unknown>> = {
    eth_blockNumber: '0x2',
    eth_getLogs: [],
    eth_getBlockByNumber: BLOCK,
    ...answers,
  };
  return { request: async ({ method }) => await Promise.resolve(all[method]) };
}

describe('blocks that are read off a ledger', () => {
  const { contracts } = network;

  it('are those of the range that there are', async () => {
    const blocks = await readBlocks(ledger({}), contracts, { from: 2, to: 66 });
    const block = { number: 2, hash: HASH, parent: HASH, timestamp: 5, transactions: [HASH] };
    assert.deepEqual(blocks, [{ ...block, events: [] }]);
    assert.deepEqual(await readBlocks(ledger({}), contracts, { from: 3, to: 67 }), []);
  });

  for (const [what, answers] of [
    ['a newest block that is not a number', { eth_blockNumber: 2 }],
    ['logs that are not list', { eth_getLogs: null }],
    ['a log that is not one', { eth_getLogs: [{}] }],
    ['no block', { eth_getBlockByNumber: null }],
    ['a hash that is not one', { eth_getBlockByNumber: { ...BLOCK, hash: '0xab' } }],
    ['transactions that are not list', { eth_getBlockByNumber: { ...BLOCK, transactions: {} } }],
    [
      'a transaction that is not a hash',
      { eth_getBlockByNumber: { ...BLOCK, transactions: [{}] } },
    ],
    ['a time that is not one', { eth_getBlockByNumber: { ...BLOCK, timestamp: 'now' } }],
  ] as const) {
    it(`are not taken with ${what}`, async () => {
      const read = readBlocks(ledger(answers), contracts, { from: 2, to: 3 });
      await assert.rejects(read, failsWith('PEER_MALFORMED'));
    });
  }
});
