import type { HybridKem } from './HybridKem.ts';

/**
 * ChaCha20-Poly1305 (RFC 8439 §2.8) without associated data, as a port: `portableCipher` runs anywhere,
 * `nativeCipher` (in `src/native`) is the fast one for Node. Both pass one suite of cases.
 */
export interface PayloadCipher {
  /** The fast key encapsulation that comes with it; if absent, `age-encryption` does it. */
  readonly kem?: HybridKem;
  /**
   * The cipher under a key; what it takes to prepare one is done once.
   * @param key - 32 bytes.
   */
  under(key: Uint8Array): KeyedCipher;
}

/** The payload cipher under one key. */
export interface KeyedCipher {
  /**
   * Encrypts.
   * @param nonce - 12 bytes, never used twice with the key.
   * @param plaintext - Any number of bytes.
   * @param output - 16 bytes more; gets the ciphertext and its tag.
   */
  seal(nonce: Uint8Array, plaintext: Uint8Array, output: Uint8Array): void;
  /**
   * Decrypts.
   * @param nonce - 12 bytes.
   * @param ciphertext - The bytes that `seal` gave, at least 16.
   * @param output - 16 bytes less; gets the plaintext.
   * @throws MedsealError `SEAL_UNREADABLE` if the tag does not hold; `output` then holds nothing of the plaintext.
   */
  open(nonce: Uint8Array, ciphertext: Uint8Array, output: Uint8Array): void;
}

/** Bytes of the tag behind every ciphertext. */
export const TAG_LENGTH = 16;
