import { concatBytes } from '../bytes.ts';
import type { Sha256 } from './Sha256.ts';

const NODE = Uint8Array.of(0x01);
/** Used again for two hashes: new bytes of this length lie outside the heap, and cost half as much as hashing them. */
const HASHED = Uint8Array.of(0x01, ...new Uint8Array(64));

/**
 * The hash of an inner node (RFC 9162 §2.1.1): SHA-256(0x01 ‖ left ‖ right).
 *
 * @param primitives - SHA-256.
 * @param left - 32 bytes.
 * @param right - 32 bytes.
 * @returns 32 bytes.
 */
export function nodeHash(primitives: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array {
  // Proofs are not trusted: what is of another length is hashed as it is, and is not a node.
  if (left.length !== 32 || right.length !== 32) {
    return primitives.sha256(concatBytes(NODE, left, right));
  }
  HASHED.set(left, 1);
  HASHED.set(right, 33);
  return primitives.sha256(HASHED);
}
