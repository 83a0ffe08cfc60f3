import { MedsealError } from '../../errors/MedsealError.ts';
import type { ReadHash } from './ReadHash.ts';
import { largestPowerBelow, subtreeRoot } from './subtreeRoot.ts';
import type { Sha256 } from './Sha256.ts';

/**
 * Proves that a tree is the beginning of a larger one (RFC 9162 §2.1.4.1), from O(log n) reads.
 *
 * @param primitives - SHA-256.
 * @param readHash - Store of the complete subtrees of the larger tree.
 * @param first - Number of leaves of the smaller tree.
 * @param second - Number of leaves of the larger tree.
 * @returns Hashes of 32 bytes; none if `first` is 0 or the sizes are equal.
 * @throws MedsealError `NOT_FOUND` if the sizes are not those of a smaller and a larger tree.
 */
export async function consistencyProof(
  primitives: Sha256,
  readHash: ReadHash,
  first: number,
  second: number,
): Promise<Uint8Array[]> {
  if (
    !Number.isSafeInteger(second) ||
    !Number.isSafeInteger(first) ||
    first < 0 ||
    first > second
  ) {
    throw new MedsealError('NOT_FOUND', { what: 'size of the tree' });
  }
  if (first === 0 || first === second) return [];

  const proof: Promise<Uint8Array>[] = [];
  let [from, to] = [0, second];
  while (to !== first) {
    const middle = from + largestPowerBelow(to - from);
    if (first <= middle) {
      proof.unshift(subtreeRoot(primitives, readHash, middle, to));
      to = middle;
    } else {
      proof.unshift(subtreeRoot(primitives, readHash, from, middle));
      from = middle;
    }
  }
  // The verifier knows the root of the smaller tree, so if that is one complete subtree it is left out.
  if (from > 0) proof.unshift(subtreeRoot(primitives, readHash, from, to));
  return await Promise.all(proof);
}
