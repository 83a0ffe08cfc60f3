import type { Address } from '../ids.ts';
import type { SignedKeyChange } from '../struct/requests.ts';
import { signerOf, type SigningContext } from '../struct/signing.ts';

/** Largest number of changes of key that go along with a request. */
export const MAX_KEY_CHANGES = 16;

/**
 * Returns the address of the key that signs for a party after changes of its key. Each change must name the party, be
 * signed by the key before and by the new one, and have a greater number than the one before.
 *
 * @param context - Domain and primitives.
 * @param party - The party, which is known by its first key for good.
 * @param changes - Not trusted, oldest first.
 * @returns Undefined if the changes do not prove a key.
 * @throws MedsealError `SIGNATURE_INVALID` if no key can have made one of the signatures.
 */
export function keyAfter(
  context: SigningContext,
  party: Address,
  changes: readonly SignedKeyChange[] = [],
): Address | undefined {
  if (changes.length > MAX_KEY_CHANGES) return undefined;
  let [key, last] = [party, 0];
  for (const { message, signature, newSignature } of changes) {
    if (message.party !== party || message.change <= last) return undefined;
    if (signerOf(context, 'KeyChange', message, signature) !== key) return undefined;
    if (signerOf(context, 'KeyChange', message, newSignature) !== message.signer) return undefined;
    [key, last] = [message.signer, message.change];
  }
  return key;
}
