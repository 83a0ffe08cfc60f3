/** Bytes of what X-Wing encapsulates a secret in. */
export const ENCAPSULATED_LENGTH = 1_120;

/**
 * The key encapsulation of age's post-quantum recipients, X-Wing (X25519 and ML-KEM-768;
 * draft-connolly-cfrg-xwing-kem), as a port. If a cipher brings none, `age-encryption` does it in JavaScript, ten
 * times as slowly.
 */
export interface HybridKem {
  /**
   * The public key of a seed.
   * @param seed - 32 bytes.
   * @returns 1,216 bytes.
   */
  publicKey(seed: Uint8Array): Uint8Array;
  /**
   * Makes a fresh secret that only the owner of a key can find again.
   * @param publicKey - 1,216 bytes.
   * @returns `encapsulated`: 1,120 bytes, to be sent; `secret`: 32 bytes.
   * @throws Error if the key is not one.
   */
  encapsulate(publicKey: Uint8Array): {
    readonly encapsulated: Uint8Array;
    readonly secret: Uint8Array;
  };
  /**
   * Finds the secret again.
   * @param seed - 32 bytes.
   * @param encapsulated - 1,120 bytes.
   * @returns 32 bytes: another secret, not an error, if it was made for another key (implicit rejection).
   * @throws Error if no such bytes can have been made.
   */
  decapsulate(seed: Uint8Array, encapsulated: Uint8Array): Uint8Array;
  /**
   * Expands a seed once, for many secrets.
   * @param seed - 32 bytes.
   * @returns A function that does what `decapsulate` does with this seed.
   */
  expand?(seed: Uint8Array): (encapsulated: Uint8Array) => Uint8Array;
}
