import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { portablePrimitives } from '../../crypto/portablePrimitives.ts';
import type { ChainEntry } from '../../protocol/evidence/evidence.ts';
import { addToBlocks, sameAsProven, type ProvenBlocks } from './provenBlocks.ts';

const hashing = { primitives: portablePrimitives };

/** Entries as a node lists them; what their verdicts are does not matter here. */
function listed(count: number): readonly ChainEntry[] {
  return Array.from({ length: count }, (_, index) => {
    const entry = `0x${index.toString(16).padStart(64, '0')}` as const;
    return { index, entry, body: `body ${index}`, verdicts: [], inclusion: [] };
  });
}

/** Blocks of the first entries, added some at once. */
async function blocksOf(count: number, atOnce = count): Promise<ProvenBlocks> {
  let blocks: ProvenBlocks = { hashes: [], tail: [] };
  const all = listed(count);
  for (let from = 0; from < count; from += atOnce) {
    blocks = await addToBlocks(hashing, blocks, all.slice(from, from + atOnce));
  }
  return blocks;
}

async function sameIn(list: readonly ChainEntry[], count = 150): Promise<readonly number[]> {
  const proven = await blocksOf(count);
  return (await sameAsProven(hashing, proven, list)).map(({ index }) => index);
}

describe('blocks of proven entries', () => {
  it('are found again in a list that goes on, whatever proofs of inclusion it has', async () => {
    const grown = listed(200).map((each): ChainEntry => ({ ...each, inclusion: ['0x11'] }));
    assert.deepEqual(
      await sameIn(grown),
      Array.from({ length: 150 }, (_, index) => index),
    );
    assert.deepEqual(await sameIn(listed(40), 0), []);
  });

  it('are not found with another body, verdict, place or entry in them, nor without a body or an entry', async () => {
    const [one] = listed(1);
    const other = { ...(one ?? assert.fail()), index: 70 };
    const { body: _, ...erased } = listed(71)[70] ?? assert.fail();
    const changes: readonly ChainEntry[] = [
      { ...erased, body: 'body 71' },
      { ...erased, body: 'body 70', verdicts: [{} as never] },
      { ...erased, body: 'body 70', index: 71 },
      other,
      erased,
    ];
    const expected = [...Array(64).keys(), ...Array.from({ length: 22 }, (_, at) => 128 + at)];
    for (const change of changes) {
      assert.deepEqual(await sameIn(listed(160).with(70, change)), expected);
    }
    assert.deepEqual(await sameIn(listed(160).toSpliced(70, 1)), [...Array(64).keys()]);
    assert.deepEqual(await sameIn(listed(149)), [...Array(149).keys()]);
  });

  it('of 10,000 entries take 12 kB, and there are no more than of 262,144', async () => {
    const proven = await blocksOf(10_000);
    assert.deepEqual([proven.hashes.length, proven.tail.length], [156, 16]);
    assert.ok(JSON.stringify(proven).length < 12_000);
    const many = await blocksOf(262_145);
    assert.deepEqual([many.hashes.length, many.tail.length], [4096, 0]);
  });

  it('are the same however many entries are added at once', async () => {
    assert.deepEqual(await blocksOf(200, 7), await blocksOf(200));
  });
});
