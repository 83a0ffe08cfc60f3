import { MerkleFrontier } from './MerkleFrontier.ts';
import type { Sha256 } from './Sha256.ts';

/**
 * The root of a tree (RFC 9162 §2.1.1).
 *
 * @param primitives - SHA-256.
 * @param leaves - Leaf hashes in order, 32 bytes each.
 * @returns 32 bytes.
 */
export function rootOf(primitives: Sha256, leaves: Iterable<Uint8Array>): Uint8Array {
  const frontier = MerkleFrontier.empty(primitives);
  for (const leaf of leaves) frontier.append(leaf);
  return frontier.root();
}
