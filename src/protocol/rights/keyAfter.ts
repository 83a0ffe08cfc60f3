import type { Address } from '../ids.ts';
import type { KeyProof } from '../struct/requests.ts';
import { signerOf, type SigningContext } from '../struct/signing.ts';
import { isRecoveredBy } from './isRecoveredBy.ts';

/** Largest number of changes of key that go along with a request. */
export const MAX_KEY_CHANGES = 16;

/**
 * Returns the address of the key that signs for a party after changes of its key. Each change must name the party, have a
 * greater number than the one before, and be signed by the new key: and by the key before, or, if that was lost, by a quorum of the
 * authority in office then.
 *
 * @param context - Domain and primitives, and the network file, without which no recovery counts.
 * @param party - The party, which is known by its first key for good.
 * @param changes - Not trusted, oldest first.
 * @param at - Moment before which they must have been, Unix seconds: no authority of later recovered a key by then.
 * @returns Undefined if the changes do not prove a key.
 * @throws MedsealError `SIGNATURE_INVALID` if no key can have made one of the signatures.
 */
export function keyAfter(
  context: SigningContext,
  party: Address,
  changes: readonly KeyProof[] = [],
  at = Infinity,
): Address | undefined {
  if (changes.length > MAX_KEY_CHANGES) return undefined;
  let [key, last] = [party, 0];
  for (const change of changes) {
    const { message, newSignature } = change;
    if (message.party !== party || message.change <= last) return undefined;
    const isRecovery = 'signatures' in change;
    const isGiven = isRecovery
      ? isRecoveredBy(context, change, at)
      : signerOf(context, 'KeyChange', message, change.signature) === key;
    if (!isGiven) return undefined;
    const type = isRecovery ? 'Recovery' : 'KeyChange';
    if (signerOf(context, type, message, newSignature) !== message.signer) return undefined;
    [key, last] = [message.signer, message.change];
  }
  return key;
}
