import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { describeBlocks } from './describeBlocks.ts';

const networkOf = (writes: number, validators?: string): NetworkFile =>
  ({ channels: [{ thresholds: { writes } }], contracts: { validators } }) as unknown as NetworkFile;

for (const [what, network, settings, says] of [
  [
    'that it removes some',
    networkOf(3, '0x'),
    { begin: 'snapshot', keepBlocks: 20_000 },
    /the newest 20000 blocks and those of the last 22 days, as long as 3 others keep all/,
  ],
  [
    'that it removes some, of which one other keeps all',
    networkOf(1, '0x'),
    { begin: 'snapshot', keepBlocks: 20_000 },
    /as long as one other organisation keeps all/,
  ],
  [
    'that it keeps all',
    networkOf(3, '0x'),
    { begin: 'blocks' },
    /keeps all blocks: 3 organisations that do so/,
  ],
  [
    'that it keeps what it fetches',
    networkOf(3, '0x'),
    { begin: 'snapshot' },
    /keeps all blocks that it fetches/,
  ],
] as const) {
  it(`a validator's blocks are described: ${what}`, () => {
    assert.match(describeBlocks(network, settings).join(), says);
  });
}

it('a node whose ledger is at one organisation has no word about blocks', () => {
  assert.deepEqual(describeBlocks(networkOf(2), { begin: 'snapshot' }), []);
});
