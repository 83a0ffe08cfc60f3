import type { GroupPort } from './threshold/GroupPort.ts';

/**
 * The hashes and the curves that everything above stands on, as a port: `portablePrimitives` runs anywhere,
 * `nativePrimitives` (in `src/native`) is the fast one for Node. Both pass one suite of cases.
 */
export interface Primitives {
  /**
   * SHA-256 (FIPS 180-4).
   * @param data - Any number of bytes.
   * @returns 32 bytes.
   */
  sha256(data: Uint8Array): Uint8Array;
  /**
   * Keccak-256 as Ethereum uses it (not FIPS 202 SHA3-256).
   * @param data - Any number of bytes.
   * @returns 32 bytes.
   */
  keccak256(data: Uint8Array): Uint8Array;
  /**
   * The secp256k1 public key of a secret.
   * @param secret - 32 bytes, a scalar in range.
   * @returns 65 bytes, uncompressed (SEC 1 §2.3.3: 0x04 ‖ x ‖ y).
   * @throws MedsealError `SEED_MALFORMED` if the secret is not a scalar in range.
   */
  publicKey(secret: Uint8Array): Uint8Array;
  /**
   * Deterministic ECDSA over secp256k1 (RFC 6979), low-s (EIP-2).
   * @param digest - 32 bytes that were hashed already.
   * @param secret - 32 bytes, a scalar in range.
   * @returns 65 bytes: r ‖ s ‖ v, where v is 27 or 28.
   */
  sign(digest: Uint8Array, secret: Uint8Array): Uint8Array;
  /**
   * The public key that made a signature.
   * @param digest - 32 bytes.
   * @param signature - 65 bytes: r ‖ s ‖ v, where v is 27 or 28 and s is low.
   * @returns 65 bytes, uncompressed.
   * @throws MedsealError `SIGNATURE_INVALID` for every other input, high s among them.
   */
  recover(digest: Uint8Array, signature: Uint8Array): Uint8Array;
  /**
   * Signs with Ed25519 (RFC 8032), as notes are signed.
   * @param message - Any number of bytes.
   * @param seed - The secret key, 32 bytes.
   * @returns 64 bytes.
   * @throws MedsealError `SEED_MALFORMED` if the secret has another length.
   */
  signEd25519(message: Uint8Array, seed: Uint8Array): Uint8Array;
  /**
   * Tells whether a signature is that of a key, by RFC 8032's strict rules, so that all readers agree about a note.
   * @param message - Any number of bytes.
   * @param signature - 64 bytes; of any other number it is false.
   * @param publicKey - 32 bytes; likewise, and for what is not a point or one of small order.
   */
  verifyEd25519(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean;
  /** Arithmetic of release keys, over the points of secp256k1. */
  readonly group: GroupPort;
}
