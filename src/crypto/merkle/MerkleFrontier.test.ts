import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { portablePrimitives as primitives } from '../portablePrimitives.ts';
import { MerkleFrontier } from './MerkleFrontier.ts';
import { LARGEST, leaves, tree, roots, mth } from './trees.cases.ts';

describe('MerkleFrontier', () => {
  it('gives each completed subtree once, from the leaf up', () => {
    const frontier = MerkleFrontier.empty(primitives);
    const completed = leaves.map((leaf) => frontier.append(leaf));
    for (const [index, hashes] of completed.entries()) {
      for (const [level, hash] of hashes.entries()) {
        const width = 2 ** level;
        assert.equal(hash.level, level);
        assert.equal(hash.index * width + width, index + 1);
        assert.deepEqual(hash.hash, mth(leaves.slice(index + 1 - width, index + 1)));
      }
    }
    assert.equal(completed.flat().length, LARGEST + 65 + 32 + 16 + 8 + 4 + 2 + 1);
  });

  it('goes on where it was left at every size', async () => {
    for (let size = 0; size < LARGEST; size++) {
      const frontier = await MerkleFrontier.load(primitives, size, tree.readHash);
      assert.equal(frontier.size, size);
      assert.deepEqual(frontier.root(), roots[size]);
      frontier.append(leaves[size] as Uint8Array);
      assert.deepEqual(frontier.root(), roots[size + 1]);
    }
  });

  it('grows apart from its copy', () => {
    const frontier = MerkleFrontier.empty(primitives);
    for (const leaf of leaves.slice(0, 7)) frontier.append(leaf);
    const copy = frontier.copy();
    copy.append(leaves[7] as Uint8Array);
    assert.deepEqual(frontier.root(), roots[7]);
    assert.deepEqual(copy.root(), roots[8]);
  });
});
