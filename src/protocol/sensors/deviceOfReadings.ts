import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Address } from '../ids.ts';
import { recoverSigner, type SigningContext } from '../struct/signing.ts';
import { readingsDigest } from './readingsDigest.ts';
import type { SignedReadings } from './ReadingsHeader.ts';

/**
 * Returns the address of the device that signed a batch.
 *
 * @param context - SHA-256 and the curve.
 * @param readings - Statement of the batch.
 * @throws MedsealError `READINGS_INVALID` if no key can have made the signature.
 */
export function deviceOfReadings(
  context: Pick<SigningContext, 'primitives'>,
  { header, signature }: SignedReadings,
): Address {
  try {
    return recoverSigner(context, readingsDigest(context.primitives, header), signature);
  } catch (error) {
    if (!isMedsealError(error, 'SIGNATURE_INVALID')) throw error;
    throw new MedsealError('READINGS_INVALID', { what: 'signature' });
  }
}
