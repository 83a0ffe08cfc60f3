import { MedsealError } from '../../errors/MedsealError.ts';
import type { ReadHash } from './ReadHash.ts';
import { largestPowerBelow, subtreeRoot } from './subtreeRoot.ts';
import type { Sha256 } from './Sha256.ts';

/**
 * Proves that a leaf is in a tree (RFC 9162 §2.1.3.1), from O(log n) reads.
 *
 * @param primitives - SHA-256.
 * @param readHash - Store of the complete subtrees.
 * @param index - Place of the leaf.
 * @param size - Number of leaves of the tree.
 * @returns Hashes of 32 bytes, the one nearest to the leaf first.
 * @throws MedsealError `NOT_FOUND` if the tree has no such leaf.
 */
export async function inclusionProof(
  primitives: Sha256,
  readHash: ReadHash,
  index: number,
  size: number,
): Promise<Uint8Array[]> {
  if (!Number.isSafeInteger(size) || !Number.isSafeInteger(index) || index < 0 || index >= size) {
    throw new MedsealError('NOT_FOUND', { what: 'entry' });
  }
  const proof: Promise<Uint8Array>[] = [];
  for (let from = 0, to = size; to - from > 1;) {
    const middle = from + largestPowerBelow(to - from);
    if (index < middle) {
      proof.unshift(subtreeRoot(primitives, readHash, middle, to));
      to = middle;
    } else {
      proof.unshift(subtreeRoot(primitives, readHash, from, middle));
      from = middle;
    }
  }
  return await Promise.all(proof);
}
