/** SHA-256 (FIPS 180-4) over bytes that arrive in parts. */
export interface Sha256Stream {
  /** Takes the next bytes. */
  update(bytes: Uint8Array): unknown;
  /** The hash of all bytes, 32 bytes; call it once, at the end. */
  digest(): Uint8Array;
}

/** Starts a hash. In Node, `() => createHash('sha256')` of `node:crypto` is the fast one. */
export type CreateSha256 = () => Sha256Stream;
