import type { Primitives } from '../../crypto/Primitives.ts';
import { GROUP_ORDER, scalarBytes, toInteger } from '../../crypto/threshold/scalars.ts';

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
  const s = toInteger(made.subarray(32));
  if (s === 0n || s >= GROUP_ORDER) return undefined;
  const low = s > GROUP_ORDER / 2n ? GROUP_ORDER - s : s;
  const signature = new Uint8Array(65);
  signature.set(made.subarray(0, 32));
  signature.set(scalarBytes(low), 32);
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
