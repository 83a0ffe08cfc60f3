/** The part of npm `secp256k1` (bitcoin-core's library as a Node addon) that `nativePrimitives` uses. */
declare module 'secp256k1/bindings.js' {
  /** The addon's functions; they throw a plain `Error` for what they do not accept. */
  export interface Secp256k1Addon {
    privateKeyVerify(secret: Uint8Array): boolean;
    publicKeyCreate(secret: Uint8Array, compressed: boolean): Uint8Array;
    ecdsaSign(digest: Uint8Array, secret: Uint8Array): { signature: Uint8Array; recid: number };
    ecdsaRecover(
      signature: Uint8Array,
      recid: number,
      digest: Uint8Array,
      compressed: boolean,
    ): Uint8Array;
  }
  const addon: Secp256k1Addon;
  export default addon;
}
