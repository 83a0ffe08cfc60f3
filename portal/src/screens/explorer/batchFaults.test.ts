import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hexToBytes } from '../../../../src/crypto/bytes.ts';
import { leafHash } from '../../../../src/crypto/merkle/leafHash.ts';
import { portablePrimitives as primitives } from '../../../../src/crypto/portablePrimitives.ts';
import { batchView } from '../../../../src/protocol/evidence/batchView.ts';
import type { LogBatch } from '../../../../src/protocol/evidence/LogBatch.ts';
import { word } from '../../../../src/protocol/test/sampleNetwork.ts';
import { batchFaults } from './batchFaults.ts';

const list = Array.from({ length: 40 }, (_, index) => {
  return { index, entry: word(`entry ${index}`), at: 1_800_000_000 + index, bodySize: 500 };
});
const entries = list.map(({ entry }) => leafHash(primitives, hexToBytes(entry)));
const batches: LogBatch[] = [];
for await (const batch of batchView(list, primitives)) batches.push(batch);
const [first, second] = batches as [LogBatch, LogBatch];

describe('the header of a batch', () => {
  it('is safe if its hash, the one before and its Merkle root fit the entries', () => {
    assert.ok(batches.length > 2);
    for (const [place, batch] of batches.entries()) {
      assert.deepEqual(batchFaults(primitives, batch, batches[place - 1], entries), []);
    }
  });

  it('is not safe with another hash, time, predecessor or root', () => {
    const other = word('other');
    for (const change of [
      { hash: other },
      { timestamp: 1 },
      { previousHash: other },
      { merkleRoot: other },
      { number: 2 },
    ]) {
      const altered = { ...second, header: { ...second.header, ...change } };
      assert.notDeepEqual(batchFaults(primitives, altered, first, entries), []);
    }
  });

  it('is not safe without the batch before it, or at another place in the log', () => {
    assert.deepEqual(batchFaults(primitives, second, undefined, entries), [
      'explorer.fault-previous',
    ]);
    const moved = { ...second, from: second.from - 1 };
    assert.ok(batchFaults(primitives, moved, first, entries).includes('explorer.fault-previous'));
  });

  it('is not safe with an entry altered or missing, nor with no entry at all', () => {
    const altered = entries.with(0, leafHash(primitives, hexToBytes(word('other'))));
    const missing = entries.slice(0, first.to - 1);
    for (const each of [altered, missing]) {
      assert.deepEqual(batchFaults(primitives, first, undefined, each), ['explorer.fault-root']);
    }
    const empty = { ...first, to: first.from };
    assert.deepEqual(batchFaults(primitives, empty, undefined, entries), ['explorer.fault-root']);
  });
});
