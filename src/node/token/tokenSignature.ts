import type { Primitives } from '../../crypto/Primitives.ts';

/** Order of secp256k1 (SEC 2 §2.4.1). */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/**
 * Makes of a token's signature one as `Primitives.sign` gives it: s is low (EIP-2), and v says which of two public keys made it, which is found
 * by trying.
 *
 * @param primitives - The curve.
 * @param digest - 32 bytes.
 * @param made - 64 bytes: r ‖ s.
 * @param publicKey - 65 bytes, uncompressed.
 * @returns 65 bytes; undefined if the key did not sign this.
 */
export function tokenSignature(
  primitives: Pick<Primitives, 'recover'>,
  digest: Uint8Array,
  made: Uint8Array,
  publicKey: Uint8Array,
): Uint8Array | undefined {
  if (made.length !== 64) return undefined;
  const s = BigInt(`0x${Buffer.from(made.subarray(32)).toString('hex')}`);
  if (s === 0n || s >= ORDER) return undefined;
  const low = s > ORDER / 2n ? ORDER - s : s;
  const signature = new Uint8Array(65);
  signature.set(made.subarray(0, 32));
  signature.set(Buffer.from(low.toString(16).padStart(64, '0'), 'hex'), 32);
  return [27, 28]
    .map((v) => {
      signature[64] = v;
      return signature.slice();
    })
    .find((each) => isOf(primitives, digest, each, publicKey));
}

function isOf(
  primitives: Pick<Primitives, 'recover'>,
  digest: Uint8Array,
  signature: Uint8Array,
  publicKey: Uint8Array,
): boolean {
  try {
    return Buffer.from(primitives.recover(digest, signature)).equals(publicKey);
  } catch {
    return false;
  }
}
