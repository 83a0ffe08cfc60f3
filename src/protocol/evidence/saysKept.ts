import type { SignedKept } from './evidence.ts';
import type { Signed } from '../struct/requests.ts';
import { digestOf, signerOf, type SigningContext } from '../struct/signing.ts';
import { succeeds } from '../wire/succeeds.ts';

/**
 * Tells if a coordinator says that its organisation keeps what this very `Keep` binds. It cannot have said so before that
 * was signed, so its time does not matter.
 *
 * @param context - Domain and primitives.
 * @param said - Not trusted.
 * @param keep - The patient's request, whose signature was verified.
 */
export function saysKept(context: SigningContext, said: SignedKept, keep: Signed<'Keep'>): boolean {
  return succeeds(() => {
    const { newest, coordinator, signature } = said;
    const { handle, revision, state } = keep.message;
    return (
      newest.nonce === digestOf(context, 'Keep', keep.message) &&
      newest.handle === handle &&
      newest.revision === revision &&
      newest.state === state &&
      signerOf(context, 'NewestState', newest, signature) === coordinator
    );
  });
}
