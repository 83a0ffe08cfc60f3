import type { Address, Hex } from '../ids.ts';
import type { ShareDeal } from '../struct/requests.ts';
import { signerOf, type SigningContext } from '../struct/signing.ts';
import { succeeds } from '../wire/succeeds.ts';

/**
 * Tells whether a coordinator signed its part of a dealing.
 *
 * @param context - Hashes, the curve, and the domain that parts are signed in.
 * @param part - The part.
 * @param signature - The signature; not trusted.
 * @param signer - The coordinator; nobody signs if absent.
 */
export function isPartSigned(
  context: SigningContext,
  part: ShareDeal,
  signature: Hex | undefined,
  signer: Address | undefined,
): boolean {
  if (signature === undefined) return false;
  return succeeds(() => signerOf(context, 'ShareDeal', part, signature) === signer);
}
