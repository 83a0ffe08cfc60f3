/**
 * ChaCha20-Poly1305 (RFC 8439 §2.8) without associated data, as a port: `portableCipher` runs anywhere,
 * `nativeCipher` (in `src/native`) is the fast one for Node. Both pass one suite of cases.
 */
export interface PayloadCipher {
  /**
   * Encrypts.
   * @param key - 32 bytes.
   * @param nonce - 12 bytes, never used twice with the key.
   * @param plaintext - Any number of bytes.
   * @returns The ciphertext and its tag of 16 bytes.
   */
  seal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): Uint8Array;
  /**
   * Decrypts.
   * @param key - 32 bytes.
   * @param nonce - 12 bytes.
   * @param ciphertext - What `seal` gave.
   * @returns The plaintext.
   * @throws MedsealError `SEAL_UNREADABLE` where the tag does not hold.
   */
  open(key: Uint8Array, nonce: Uint8Array, ciphertext: Uint8Array): Uint8Array;
}
