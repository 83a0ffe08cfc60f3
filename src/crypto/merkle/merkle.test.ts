import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { bytesToHex, hexToBytes } from '../bytes.ts';
import { portablePrimitives as primitives } from '../portablePrimitives.ts';
import { consistencyProof } from './consistencyProof.ts';
import { emptyRoot } from './emptyRoot.ts';
import { inclusionProof } from './inclusionProof.ts';
import { leafHash } from './leafHash.ts';
import { memoryTree } from './memoryTree.ts';
import { MerkleFrontier } from './MerkleFrontier.ts';
import { nodeHash } from './nodeHash.ts';
import { rootOf } from './rootOf.ts';
import { subtreeRoot } from './subtreeRoot.ts';
import { verifyConsistency } from './verifyConsistency.ts';
import { verifyInclusion } from './verifyInclusion.ts';

/** The entries, roots and proofs that Certificate Transparency's implementations share. */
const ENTRIES = [
  '0x',
  '0x00',
  '0x10',
  '0x2021',
  '0x3031',
  '0x40414243',
  '0x5051525354555657',
  '0x606162636465666768696a6b6c6d6e6f',
].map(hexToBytes);
const ROOTS = [
  '0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '0x6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  '0xfac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  '0xaeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  '0xd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '0x4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '0x76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  '0xddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '0x5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
] as const;
const L0 = '0x6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d';
const L1 = '0x96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7';
const L4 = '0xbc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b';
const N23 = '0x5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e';
const N45 = '0x0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a';
const N67 = '0xca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0';
const N47 = '0x6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4';
const INCLUSION = [
  { index: 0, size: 1, proof: [] },
  { index: 0, size: 8, proof: [L1, N23, N47] },
  { index: 5, size: 8, proof: [L4, N67, ROOTS[4]] },
  { index: 2, size: 3, proof: [ROOTS[2]] },
  { index: 1, size: 5, proof: [L0, N23, L4] },
];
const CONSISTENCY = [
  { first: 1, second: 1, proof: [] },
  { first: 1, second: 8, proof: [L1, N23, N47] },
  { first: 6, second: 8, proof: [N45, N67, ROOTS[4]] },
  { first: 2, second: 5, proof: [N23, L4] },
];

const published = memoryTree(
  primitives,
  ENTRIES.map((entry) => leafHash(primitives, entry)),
);

/** A larger tree: every size to this one is tried. */
const LARGEST = 130;
const leaves = Array.from({ length: LARGEST }, (_, index) =>
  leafHash(primitives, Uint8Array.of(index)),
);
const tree = memoryTree(primitives, leaves);
const roots = Array.from({ length: LARGEST + 1 }, (_, size) =>
  rootOf(primitives, leaves.slice(0, size)),
);

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

describe('memoryTree', () => {
  it('says what it does not hold', () => {
    assert.equal(published.size, 8);
    assert.equal(bytesToHex(published.root), ROOTS[8]);
    assert.throws(() => published.readHash(0, 8), { code: 'NOT_FOUND' });
    assert.throws(() => published.readHash(4, 0), { code: 'NOT_FOUND' });
  });
});

/** RFC 9162 §2.1.1, word for word. */
function mth(entries: readonly Uint8Array[]): Uint8Array {
  const [only, next] = entries;
  if (only === undefined) return emptyRoot(primitives);
  if (next === undefined) return only;
  const split = 2 ** Math.floor(Math.log2(entries.length - 1));
  return nodeHash(primitives, mth(entries.slice(0, split)), mth(entries.slice(split)));
}

/** A tree too large to hold, all of whose leaves are equal but the few behind 2^40. */
function sparse(level: number, index: number): Uint8Array {
  if (level === 0) return leaves[index < 2 ** 40 ? 0 : 1 + (index % 100)] as Uint8Array;
  let hash = leaves[0] as Uint8Array;
  if (index * 2 ** level >= 2 ** 40) {
    return nodeHash(primitives, sparse(level - 1, index * 2), sparse(level - 1, index * 2 + 1));
  }
  for (let i = 0; i < level; i++) hash = nodeHash(primitives, hash, hash);
  return hash;
}

function flip(bytes: Uint8Array, where: number): Uint8Array {
  const at = where % bytes.length;
  return bytes.with(at, (bytes[at] as number) ^ (1 << (where & 7)));
}
