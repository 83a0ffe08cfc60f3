import { MedsealError } from '../errors/MedsealError.ts';
import type { Address, Hex } from '../protocol/ids.ts';
import type { Signed } from '../protocol/struct/requests.ts';
import { digestOf } from '../protocol/struct/signing.ts';
import type { ServiceContext } from './ServiceContext.ts';

/**
 * Requires that a key signed a message which may. The organisation recovers each signature once.
 *
 * @param context - The node's own view.
 * @param request - The message, well formed.
 * @param signature - Not trusted.
 * @param isKey - Tells whether a key may have signed it.
 * @returns Address of the key.
 * @throws MedsealError `SIGNATURE_INVALID`.
 */
export function requireSignature(
  context: ServiceContext,
  { type, message }: Pick<Signed, 'type' | 'message'>,
  signature: unknown,
  isKey: (key: Address) => boolean,
): Address {
  if (typeof signature === 'string' && /^0x[0-9a-f]{130}$/.test(signature)) {
    const digest = digestOf(context, type, message);
    const key = context.recovered.signerOf(context, digest, signature as Hex);
    if (isKey(key)) return key;
  }
  throw new MedsealError('SIGNATURE_INVALID', {});
}
