import type { Primitives } from '../Primitives.ts';

/** A key that signs, and that nobody can take out of where it is. */
export interface HeldKey {
  /** Address of its public key. */
  readonly address: `0x${string}`;
  /** Signs 32 bytes, as `Primitives.sign` does but for being deterministic. */
  sign(digest: Uint8Array): Uint8Array;
}

/** A secp256k1 key that signs: its 32 bytes, or one that is held elsewhere. */
export type SigningKey = Uint8Array | HeldKey;

/**
 * Signs a digest.
 *
 * @param primitives - The curve.
 * @param digest - 32 bytes.
 * @param key - The key.
 * @returns 65 bytes, as `Primitives.sign` does.
 */
export function signDigest(
  primitives: Pick<Primitives, 'sign'>,
  digest: Uint8Array,
  key: SigningKey,
): Uint8Array {
  return 'sign' in key ? key.sign(digest) : primitives.sign(digest, key);
}
