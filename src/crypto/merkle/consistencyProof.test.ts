import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { bytesToHex } from '../bytes.ts';
import { portablePrimitives as primitives } from '../portablePrimitives.ts';
import { consistencyProof } from './consistencyProof.ts';
import { memoryTree } from './memoryTree.ts';
import { rootOf } from './rootOf.ts';
import { subtreeRoot } from './subtreeRoot.ts';
import { verifyConsistency } from './verifyConsistency.ts';
import {
  CONSISTENCY,
  published,
  LARGEST,
  leaves,
  tree,
  roots,
  sparse,
  flip,
} from './trees.cases.ts';

describe('consistency proofs', () => {
  it('are those that Certificate Transparency publishes', async () => {
    for (const { first, second, proof } of CONSISTENCY) {
      const made = await consistencyProof(primitives, published.readHash, first, second);
      assert.deepEqual(made.map(bytesToHex), proof);
    }
  });

  it('hold between all sizes, and for no other roots', async () => {
    for (let second = 0; second <= LARGEST; second++) {
      for (let first = 0; first <= second; first++) {
        const proof = await consistencyProof(primitives, tree.readHash, first, second);
        const [firstRoot, secondRoot] = [roots[first], roots[second]] as [Uint8Array, Uint8Array];
        const claim = { first, second, firstRoot, secondRoot, proof };
        assert.ok(verifyConsistency(primitives, claim), `${first} to ${second}`);
        for (const wrong of [
          { ...claim, firstRoot: flip(firstRoot, second) },
          { ...claim, secondRoot: flip(secondRoot, first) },
        ]) {
          // The empty tree is the beginning of every tree, so of the larger one nothing is said.
          if (first === 0 && second > 0 && wrong.firstRoot === firstRoot) continue;
          assert.equal(verifyConsistency(primitives, wrong), false, `${first} to ${second}`);
        }
      }
    }
  });

  it('hold beyond 2^32 and take O(log n) reads', async () => {
    let reads = 0;
    const readHash = (level: number, index: number): Uint8Array => {
      reads += 1;
      return sparse(level, index);
    };
    const [first, second] = [2 ** 33 + 5, 2 ** 40 + 3];
    const proof = await consistencyProof(primitives, readHash, first, second);
    assert.ok(reads < 3 * 41, String(reads));
    const claim = {
      first,
      second,
      firstRoot: await subtreeRoot(primitives, sparse, 0, first),
      secondRoot: await subtreeRoot(primitives, sparse, 0, second),
      proof,
    };
    assert.ok(verifyConsistency(primitives, claim));
    assert.ok(!verifyConsistency(primitives, { ...claim, first: first - 1 }));
  });

  for (const [first, second] of [
    [2, 1],
    [-1, 4],
    [0.5, 4],
    [1, Number.NaN],
  ] as const) {
    it(`are refused from ${first} to ${second}`, async () => {
      await assert.rejects(consistencyProof(primitives, tree.readHash, first, second), {
        code: 'NOT_FOUND',
      });
      const root = new Uint8Array(32);
      const claim = { first, second, firstRoot: root, secondRoot: root, proof: [] };
      assert.equal(verifyConsistency(primitives, claim), false);
    });
  }

  it('do not hold when anything in them is changed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: LARGEST }),
        fc.nat(),
        fc.nat(),
        async (second, f, where) => {
          const first = 1 + (f % (second - 1));
          const proof = await consistencyProof(primitives, tree.readHash, first, second);
          const [firstRoot, secondRoot] = [roots[first], roots[second]] as [Uint8Array, Uint8Array];
          const claim = { first, second, firstRoot, secondRoot, proof };
          const at = where % proof.length;
          const hash = proof[at] as Uint8Array;
          for (const wrong of [
            { ...claim, proof: proof.with(at, flip(hash, where)) },
            { ...claim, proof: proof.toSpliced(at, 1) },
            { ...claim, proof: proof.toSpliced(at, 0, hash) },
            { ...claim, proof: proof.with(at, hash.subarray(1)) },
            { ...claim, proof: [...proof, hash] },
            { ...claim, proof: [] },
          ]) {
            assert.equal(verifyConsistency(primitives, wrong), false);
          }
        },
      ),
    );
  });

  it('do not hold for another history: one entry changed, one put in, two exchanged', async () => {
    const rewritten = [
      leaves.with(3, leaves[9] as Uint8Array),
      leaves.toSpliced(3, 0, leaves[9] as Uint8Array),
      leaves.with(3, leaves[4] as Uint8Array).with(4, leaves[3] as Uint8Array),
    ];
    for (const history of rewritten) {
      const other = memoryTree(primitives, history);
      for (let second = 12; second <= LARGEST; second++) {
        const proof = await consistencyProof(primitives, other.readHash, 11, second);
        const claim = {
          first: 11,
          second,
          firstRoot: roots[11] as Uint8Array,
          secondRoot: rootOf(primitives, history.slice(0, second)),
          proof,
        };
        assert.equal(verifyConsistency(primitives, claim), false);
      }
    }
  });
});
