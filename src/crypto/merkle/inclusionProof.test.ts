import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { bytesToHex } from '../bytes.ts';
import { portablePrimitives as primitives } from '../portablePrimitives.ts';
import { inclusionProof } from './inclusionProof.ts';
import { subtreeRoot } from './subtreeRoot.ts';
import { verifyInclusion } from './verifyInclusion.ts';
import { INCLUSION, published, LARGEST, leaves, tree, roots, sparse, flip } from './trees.cases.ts';

describe('inclusion proofs', () => {
  it('are those that Certificate Transparency publishes', async () => {
    for (const { index, size, proof } of INCLUSION) {
      const made = await inclusionProof(primitives, published.readHash, index, size);
      assert.deepEqual(made.map(bytesToHex), proof);
    }
  });

  it('hold for every leaf of every size, and for no other place or root', async () => {
    for (let size = 1; size <= LARGEST; size++) {
      for (let index = 0; index < size; index++) {
        const proof = await inclusionProof(primitives, tree.readHash, index, size);
        const leaf = leaves[index] as Uint8Array;
        const root = roots[size] as Uint8Array;
        const claim = { index, size, leaf, proof, root };
        assert.ok(verifyInclusion(primitives, claim), `${index} of ${size}`);
        const other = (index + 1) % size;
        assert.ok(size === 1 || !verifyInclusion(primitives, { ...claim, index: other }));
        assert.ok(!verifyInclusion(primitives, { ...claim, root: roots[size - 1] as Uint8Array }));
      }
    }
  });

  it('take O(log n) reads', async () => {
    let reads = 0;
    const size = 2 ** 40 + 12_345;
    const readHash = (): Uint8Array => {
      reads += 1;
      return new Uint8Array(32);
    };
    const proof = await inclusionProof(primitives, readHash, 2 ** 39 + 7, size);
    assert.equal(proof.length, 41);
    assert.ok(reads < 2 * 41, String(reads));
  });

  it('hold for a leaf beyond 2^32', async () => {
    const size = 2 ** 40 + 3;
    const index = 2 ** 40 + 1;
    const proof = await inclusionProof(primitives, sparse, index, size);
    const root = await subtreeRoot(primitives, sparse, 0, size);
    const leaf = sparse(0, index);
    assert.ok(verifyInclusion(primitives, { index, size, leaf, proof, root }));
    assert.ok(!verifyInclusion(primitives, { index: index - 2 ** 32, size, leaf, proof, root }));
  });

  for (const [index, size] of [
    [0, 0],
    [1, 1],
    [-1, 4],
    [0.5, 4],
    [4, 4],
    [0, Number.NaN],
  ] as const) {
    it(`are refused for leaf ${index} of ${size}`, async () => {
      await assert.rejects(inclusionProof(primitives, tree.readHash, index, size), {
        code: 'NOT_FOUND',
      });
      const claim = { index, size, leaf: new Uint8Array(32), proof: [], root: new Uint8Array(32) };
      assert.equal(verifyInclusion(primitives, claim), false);
    });
  }

  it('do not hold when anything in them is changed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: LARGEST }),
        fc.nat(),
        fc.nat(),
        async (size, i, where) => {
          const index = i % size;
          const proof = await inclusionProof(primitives, tree.readHash, index, size);
          const [leaf, root] = [leaves[index], roots[size]] as [Uint8Array, Uint8Array];
          const claim = { index, size, leaf, proof, root };
          const changed = (at: number, to: Uint8Array[]): Uint8Array[] =>
            proof.flatMap((hash, place) => (place === at % proof.length ? to : [hash]));
          const hash = proof[where % proof.length] as Uint8Array;
          for (const wrong of [
            { ...claim, proof: changed(where, [flip(hash, where)]) },
            { ...claim, proof: changed(where, []) },
            { ...claim, proof: changed(where, [hash, hash]) },
            { ...claim, proof: changed(where, [hash.subarray(1)]) },
            { ...claim, proof: [...proof, hash] },
            { ...claim, leaf: flip(leaf, where) },
            { ...claim, leaf: leaf.subarray(1) },
            { ...claim, root: flip(root, where) },
            { ...claim, root: new Uint8Array() },
          ]) {
            assert.equal(verifyInclusion(primitives, wrong), false);
          }
        },
      ),
    );
  });
});
