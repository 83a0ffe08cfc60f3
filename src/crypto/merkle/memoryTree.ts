import { MedsealError } from '../../errors/MedsealError.ts';
import { MerkleFrontier } from './MerkleFrontier.ts';
import { nodeHash } from './nodeHash.ts';
import { largestPowerBelow } from './subtreeRoot.ts';
import type { Sha256 } from './Sha256.ts';

/** A small tree that is held whole. */
export interface MemoryTree {
  /** Number of leaves. */
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
  /** A `ReadHash` for `inclusionProof` and `consistencyProof`. */
  readonly readHash: (level: number, index: number) => Uint8Array;
  /**
   * Proves that a leaf is in the tree, as `inclusionProof` does; proofs that share a hash share its bytes.
   * @param index - Place of the leaf.
   * @returns Hashes of 32 bytes, the one nearest to the leaf first.
   * @throws MedsealError `NOT_FOUND` if the tree has no such leaf.
   */
  readonly inclusion: (index: number) => Uint8Array[];
}

/**
 * Holds a tree in memory, so that proofs can be made of it.
 *
 * @param primitives - SHA-256.
 * @param leaves - Leaf hashes in order, 32 bytes each.
 */
export function memoryTree(primitives: Sha256, leaves: Iterable<Uint8Array>): MemoryTree {
  const frontier = MerkleFrontier.empty(primitives);
  const levels: Uint8Array[][] = [];
  for (const leaf of leaves) {
    for (const { level, hash } of frontier.append(leaf)) (levels[level] ??= []).push(hash);
  }
  const { size } = frontier;
  /** Of subtrees that are not complete, by their first leaf: they go to the tree's end. */
  const edges = new Map<number, Uint8Array>();

  return { size, root: frontier.root(), readHash, inclusion };

  function readHash(level: number, index: number): Uint8Array {
    const hash = levels[level]?.[index];
    if (hash === undefined) throw new MedsealError('NOT_FOUND', { what: 'hash of the tree' });
    return hash;
  }

  function inclusion(index: number): Uint8Array[] {
    if (!Number.isSafeInteger(index) || index < 0 || index >= size) {
      throw new MedsealError('NOT_FOUND', { what: 'entry' });
    }
    const proof: Uint8Array[] = [];
    for (let from = 0, to = size; to - from > 1;) {
      const middle = from + largestPowerBelow(to - from);
      const isLeft = index < middle;
      proof.push(isLeft ? subtree(middle, to) : subtree(from, middle));
      if (isLeft) to = middle;
      else from = middle;
    }
    return proof.toReversed();
  }

  /** RFC 9162 §2.1.1, MTH. */
  function subtree(from: number, to: number): Uint8Array {
    const count = to - from;
    const split = largestPowerBelow(count);
    if (count === 1 || count === 2 * split) return readHash(Math.log2(count), from / count);
    const known = edges.get(from);
    if (known !== undefined) return known;
    const hash = nodeHash(primitives, subtree(from, from + split), subtree(from + split, to));
    edges.set(from, hash);
    return hash;
  }
}
