import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { Address, Bytes32, Hex } from '../ids.ts';
import { recoverSigner, type SigningContext } from '../struct/signing.ts';

/**
 * Tells whether a device signed a digest.
 *
 * @param context - The curve.
 * @param device - Address of the device.
 * @param digest - The digest.
 * @param signature - 65 bytes; not trusted.
 */
export function isSignedBy(
  context: Pick<SigningContext, 'primitives'>,
  device: Address,
  digest: Bytes32,
  signature: Hex,
): boolean {
  try {
    return recoverSigner(context, digest, signature) === device;
  } catch (error) {
    if (isMedsealError(error, 'SIGNATURE_INVALID')) return false;
    throw error;
  }
}
