import { MedsealError } from '../../errors/MedsealError.ts';
import type { Bytes32 } from '../ids.ts';
import { keyAfter } from '../rights/keyAfter.ts';
import type { Signed } from '../struct/requests.ts';
import { verifySigned, type SigningContext } from '../struct/signing.ts';

/**
 * Verifies that the key of its party signed a request, by the changes of key that go along with it. It
 * proves only that nothing was altered: a former key signs a change to any other. `keyStanding` says whose a key is.
 *
 * @param context - Domain and primitives.
 * @param signed - The request, parsed.
 * @returns The request's digest.
 * @throws MedsealError `SIGNATURE_INVALID`.
 */
export function verifyOwn(context: SigningContext, signed: Signed): Bytes32 {
  const key = keyAfter(context, signed.party, signed.keyChanges);
  if (key === undefined) throw new MedsealError('SIGNATURE_INVALID', {});
  return verifySigned(context, signed, key);
}
