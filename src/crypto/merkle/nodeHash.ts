import { concatBytes } from '../bytes.ts';
import type { Sha256 } from './Sha256.ts';

const NODE = Uint8Array.of(0x01);

/**
 * The hash of an inner node (RFC 9162 §2.1.1): SHA-256(0x01 ‖ left ‖ right).
 *
 * @param primitives - SHA-256.
 * @param left - 32 bytes.
 * @param right - 32 bytes.
 * @returns 32 bytes.
 */
export function nodeHash(primitives: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array {
  return primitives.sha256(concatBytes(NODE, left, right));
}
