import { MedsealError } from '../../errors/MedsealError.ts';
import { MerkleFrontier } from './MerkleFrontier.ts';
import type { Sha256 } from './Sha256.ts';

/** A small tree that is held whole. */
export interface MemoryTree {
  /** How many leaves. */
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
  /** A `ReadHash` for `inclusionProof` and `consistencyProof`. */
  readonly readHash: (level: number, index: number) => Uint8Array;
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
  return {
    size: frontier.size,
    root: frontier.root(),
    readHash(level, index) {
      const hash = levels[level]?.[index];
      if (hash === undefined) throw new MedsealError('NOT_FOUND', { what: 'hash of the tree' });
      return hash;
    },
  };
}
