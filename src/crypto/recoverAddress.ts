import { addressOf } from './addressOf.ts';
import type { Primitives } from './Primitives.ts';

/**
 * The address whose key made a signature.
 *
 * @param primitives - Keccak-256 and the curve.
 * @param digest - 32 bytes that were signed.
 * @param signature - 65 bytes: r ‖ s ‖ v, where v is 27 or 28 and s is low.
 * @returns 20 bytes in lower-case hexadecimal.
 * @throws MedsealError `SIGNATURE_INVALID` if no key made it, or its form is another.
 */
export function recoverAddress(
  primitives: Pick<Primitives, 'keccak256' | 'recover'>,
  digest: Uint8Array,
  signature: Uint8Array,
): `0x${string}` {
  return addressOf(primitives, primitives.recover(digest, signature));
}
