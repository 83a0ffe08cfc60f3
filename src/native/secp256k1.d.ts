/** The part of npm `secp256k1` (bitcoin-core's library as a Node addon) that is used. */
declare module 'secp256k1/bindings.js' {
  /** The addon's functions; they throw a plain `Error` for what they do not accept. */
  export interface Secp256k1Addon {
    privateKeyVerify(secret: Uint8Array): boolean;
    publicKeyCreate(secret: Uint8Array, compressed: boolean): Uint8Array;
    publicKeyVerify(point: Uint8Array): boolean;
    /** Takes variable time: for scalars that everybody may know. */
    publicKeyTweakMul(point: Uint8Array, scalar: Uint8Array, compressed: boolean): Uint8Array;
    publicKeyCombine(points: readonly Uint8Array[], compressed: boolean): Uint8Array;
    /** Changes the secret in its place. */
    privateKeyTweakAdd(secret: Uint8Array, other: Uint8Array): Uint8Array;
    /** Changes the secret in its place. */
    privateKeyTweakMul(secret: Uint8Array, other: Uint8Array): Uint8Array;
    ecdh(
      point: Uint8Array,
      secret: Uint8Array,
      options: { hashfn: (x: Uint8Array, y: Uint8Array) => Uint8Array },
      output: Uint8Array,
    ): Uint8Array;
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
