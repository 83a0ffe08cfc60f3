import { MedsealError } from '../errors/MedsealError.ts';

/** Half of the order of secp256k1, big-endian (SEC 2 §2.4.1): the greatest s that is low. */
// prettier-ignore
const HALF_ORDER = Uint8Array.of(
  0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
  0x5d, 0x57, 0x6e, 0x73, 0x57, 0xa4, 0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0,
);

/**
 * The recovery bit of a signature whose form is right. Libraries differ in what they let pass, so every
 * implementation of `Primitives.recover` asks this first.
 *
 * @param digest - 32 bytes.
 * @param signature - 65 bytes: r ‖ s ‖ v, where v is 27 or 28 and s is low (EIP-2).
 * @returns 0 for v = 27, 1 for v = 28.
 * @throws MedsealError `SIGNATURE_INVALID` for another length, another v, or a high s.
 */
export function recoveryBit(digest: Uint8Array, signature: Uint8Array): 0 | 1 {
  if (digest.length !== 32 || signature.length !== 65 || isHigh(signature)) {
    throw new MedsealError('SIGNATURE_INVALID', {});
  }
  const v = signature[64];
  if (v === 27) return 0;
  if (v === 28) return 1;
  throw new MedsealError('SIGNATURE_INVALID', {});
}

function isHigh(signature: Uint8Array): boolean {
  for (const [index, limit] of HALF_ORDER.entries()) {
    const byte = signature[32 + index] ?? 0;
    if (byte !== limit) return byte > limit;
  }
  return false;
}
