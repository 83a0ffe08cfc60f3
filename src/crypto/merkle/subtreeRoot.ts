import type { ReadHash } from './ReadHash.ts';
import { emptyRoot } from './emptyRoot.ts';
import { nodeHash } from './nodeHash.ts';
import type { Sha256 } from './Sha256.ts';

/**
 * The root of the leaves `from` to `to` (RFC 9162 §2.1.1, MTH), from O(log n) reads; `from` 0 gives the root of
 * the tree of size `to`.
 *
 * @param primitives - SHA-256.
 * @param readHash - Store of the complete subtrees.
 * @param from - The first leaf; a multiple of the greatest power of two that is not over `to - from`.
 * @param to - The place after the last leaf.
 * @returns 32 bytes.
 */
export async function subtreeRoot(
  primitives: Sha256,
  readHash: ReadHash,
  from: number,
  to: number,
): Promise<Uint8Array> {
  const count = to - from;
  if (count === 0) return emptyRoot(primitives);
  const split = largestPowerBelow(count);
  if (count === 2 * split || count === 1) {
    return await readHash(Math.log2(count), from / count);
  }
  const [left, right] = await Promise.all([
    readHash(Math.log2(split), from / split),
    subtreeRoot(primitives, readHash, from + split, to),
  ]);
  return nodeHash(primitives, left, right);
}

/** The greatest power of two below a count of at least 2; 1 for 1. */
export function largestPowerBelow(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}
