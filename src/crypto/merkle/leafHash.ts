import { concatBytes } from '../bytes.ts';
import type { Sha256 } from './Sha256.ts';

const LEAF = Uint8Array.of(0x00);

/**
 * The hash of a leaf (RFC 9162 §2.1.1): SHA-256(0x00 ‖ entry).
 *
 * @param primitives - SHA-256.
 * @param entry - Any number of bytes.
 * @returns 32 bytes.
 */
export function leafHash(primitives: Sha256, entry: Uint8Array): Uint8Array {
  return primitives.sha256(concatBytes(LEAF, entry));
}
