import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex } from '../bytes.ts';
import { portablePrimitives as primitives } from '../portablePrimitives.ts';
import { emptyRoot } from './emptyRoot.ts';
import { leafHash } from './leafHash.ts';
import { nodeHash } from './nodeHash.ts';
import { rootOf } from './rootOf.ts';
import { subtreeRoot } from './subtreeRoot.ts';
import { ENTRIES, ROOTS, LARGEST, leaves, tree, roots, mth } from './trees.cases.ts';

describe('hashes of a Merkle tree', () => {
  it('are those that Certificate Transparency publishes for 0 to 8 leaves', () => {
    assert.equal(bytesToHex(emptyRoot(primitives)), ROOTS[0]);
    for (const [size, root] of ROOTS.entries()) {
      const hashes = ENTRIES.slice(0, size).map((entry) => leafHash(primitives, entry));
      assert.equal(bytesToHex(rootOf(primitives, hashes)), root);
    }
  });

  it('tell a leaf from a node of the same bytes', () => {
    const [left, right] = [leaves[0], leaves[1]] as [Uint8Array, Uint8Array];
    const both = new Uint8Array([...left, ...right]);
    assert.notDeepEqual(leafHash(primitives, both), nodeHash(primitives, left, right));
  });

  it('follow the recursive definition of RFC 9162 §2.1.1 for all sizes', async () => {
    for (let size = 0; size <= LARGEST; size++) {
      assert.deepEqual(mth(leaves.slice(0, size)), roots[size]);
      assert.deepEqual(await subtreeRoot(primitives, tree.readHash, 0, size), roots[size]);
    }
  });
});
