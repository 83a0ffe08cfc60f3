import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { bytesToHex, hexToBytes } from '../bytes.ts';
import { portablePrimitives as primitives } from '../portablePrimitives.ts';
import { KnownTree } from './KnownTree.ts';
import { memoryTree } from './memoryTree.ts';
import { flip, INCLUSION, LARGEST, leaves, published, roots, ROOTS } from './trees.cases.ts';
import { verifyInclusion } from './verifyInclusion.ts';
import { timesOf } from '../../protocol/test/share.ts';

/** A claim about a leaf of a tree, true or not. */
interface Claim {
  readonly index: number;
  readonly leaf: Uint8Array;
  readonly proof: readonly string[];
}

/** Result of the check without a memory. */
function alone(size: number, root: string, { index, leaf, proof }: Claim): boolean {
  const claim = { index, size, leaf, proof: proof.map(hexToBytes), root: hexToBytes(root) };
  return verifyInclusion(primitives, claim);
}

describe('a tree of which proofs are checked one after another', () => {
  it('takes the proofs that Certificate Transparency publishes, twice', () => {
    for (const { index, size, proof } of [...INCLUSION, ...INCLUSION]) {
      const known = new KnownTree(primitives, size, ROOTS[size] as string);
      assert.ok(known.includes(index, published.readHash(0, index), proof));
    }
  });

  it('has every leaf of every size, from the first on and from the last', () => {
    for (let size = 1; size <= LARGEST; size++) {
      const { inclusion } = memoryTree(primitives, leaves.slice(0, size));
      const known = new KnownTree(primitives, size, bytesToHex(roots[size] as Uint8Array));
      const places = Array.from({ length: size }, (_, index) => index);
      for (const index of [...places, ...places.toReversed()]) {
        const proof = inclusion(index).map(bytesToHex);
        assert.ok(known.includes(index, leaves[index] as Uint8Array, proof), `${index} of ${size}`);
      }
    }
  });

  it('says of any proof, true, altered, cut or of another leaf, what a check without a memory says', () => {
    const wrong = fc.constantFrom('no', 'hash', 'leaf', 'index', 'shorter', 'longer', 'of another');
    const claims = fc.array(fc.tuple(fc.nat(), wrong, fc.nat()), { minLength: 1, maxLength: 60 });
    const sizes = fc.integer({ min: 1, max: LARGEST });
    fc.assert(
      fc.property(sizes, claims, (size, asked) => {
        const { inclusion } = memoryTree(primitives, leaves.slice(0, size));
        const root = bytesToHex(roots[size] as Uint8Array);
        const known = new KnownTree(primitives, size, root);
        for (const [at, how, dice] of asked) {
          const index = at % size;
          const claim = altered(
            { index, leaf: leaves[index] as Uint8Array, proof: inclusion(index).map(bytesToHex) },
            how,
            dice,
          );
          const { leaf, proof } = claim;
          assert.equal(known.includes(claim.index, leaf, proof), alone(size, root, claim));
        }
      }),
      { numRuns: timesOf(500) },
    );
  });

  it('remembers nothing of a proof that does not hold', () => {
    const { inclusion, root } = memoryTree(primitives, leaves.slice(0, 8));
    const known = new KnownTree(primitives, 8, bytesToHex(root));
    const proof = inclusion(2).map(bytesToHex);
    const [first = '', ...rest] = proof;
    const forged = [bytesToHex(flip(hexToBytes(first), 3)), ...rest];
    assert.equal(known.includes(2, leaves[2] as Uint8Array, forged), false);
    assert.equal(known.includes(3, hexToBytes(forged[0] ?? ''), forged), false);
    assert.ok(known.includes(2, leaves[2] as Uint8Array, proof));
  });

  it('checks as well what it has no room to remember', () => {
    const many = Array.from({ length: 8192 }, (_, at) =>
      primitives.sha256(Uint8Array.of(at, at >> 8)),
    );
    const { inclusion, root } = memoryTree(primitives, many);
    const known = new KnownTree(primitives, many.length, bytesToHex(root));
    for (const [index, leaf] of many.entries()) {
      const proof = inclusion(index).map(bytesToHex);
      assert.ok(known.includes(index, leaf, proof));
      assert.equal(known.includes(index, leaf, proof.slice(1)), false);
    }
  });

  for (const [index, size] of [
    [0, 0],
    [1, 1],
    [-1, 4],
    [0.5, 4],
    [4, 4],
    [0, Number.NaN],
  ] as const) {
    it(`has no leaf ${index} of ${size}`, () => {
      const leaf = leaves[0] as Uint8Array;
      assert.equal(
        new KnownTree(primitives, size, bytesToHex(leaf)).includes(index, leaf, []),
        false,
      );
    });
  }
});

function altered(claim: Claim, how: string, dice: number): Claim {
  const { index, leaf, proof } = claim;
  const at = proof.length === 0 ? 0 : dice % proof.length;
  switch (how) {
    case 'hash': {
      const text = proof[at];
      if (text === undefined) return claim;
      const other = bytesToHex(flip(hexToBytes(text), dice % 256));
      return { ...claim, proof: proof.with(at, other) };
    }
    case 'leaf':
      return { ...claim, leaf: flip(leaf, dice % 256) };
    case 'index':
      return { ...claim, index: index + (dice % 7) - 3 };
    case 'shorter':
      return { ...claim, proof: proof.toSpliced(at, 1) };
    case 'longer':
      return { ...claim, proof: proof.toSpliced(at, 0, bytesToHex(leaf)) };
    case 'of another':
      return { ...claim, leaf: leaves[dice % leaves.length] as Uint8Array };
    default:
      return claim;
  }
}
