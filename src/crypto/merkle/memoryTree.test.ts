import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex } from '../bytes.ts';
import { portablePrimitives as primitives } from '../portablePrimitives.ts';
import { inclusionProof } from './inclusionProof.ts';
import { leafHash } from './leafHash.ts';
import { memoryTree } from './memoryTree.ts';
import { ROOTS, published } from './trees.cases.ts';
import { verifyInclusion } from './verifyInclusion.ts';

describe('memoryTree', () => {
  it('says what it does not hold', () => {
    assert.equal(published.size, 8);
    assert.equal(bytesToHex(published.root), ROOTS[8]);
    assert.throws(() => published.readHash(0, 8), { code: 'NOT_FOUND' });
    assert.throws(() => published.readHash(4, 0), { code: 'NOT_FOUND' });
    for (const index of [-1, 0.5, 8, Number.NaN]) {
      assert.throws(() => published.inclusion(index), { code: 'NOT_FOUND' });
    }
  });

  it('proves every leaf of every size as inclusionProof does, and verifyInclusion takes it', async () => {
    for (let size = 1; size <= 40; size++) {
      const leaves = Array.from({ length: size }, (_, i) =>
        leafHash(primitives, Uint8Array.of(i, size)),
      );
      const tree = memoryTree(primitives, leaves);
      for (const [index, leaf] of leaves.entries()) {
        const proof = tree.inclusion(index);
        assert.deepEqual(proof, await inclusionProof(primitives, tree.readHash, index, size));
        assert.ok(verifyInclusion(primitives, { index, size, leaf, proof, root: tree.root }));
      }
    }
  });
});
