import type { Sha256 } from './Sha256.ts';

/** The root of a tree without leaves (RFC 9162 §2.1.1): SHA-256 of nothing, 32 bytes. */
export function emptyRoot(primitives: Sha256): Uint8Array {
  return primitives.sha256(new Uint8Array());
}
