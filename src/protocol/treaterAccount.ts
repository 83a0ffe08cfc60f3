import { oneTimeAccount } from '../crypto/keys/oneTimeAccount.ts';
import { hexToBytes } from '../crypto/bytes.ts';
import type { Acknowledgement } from './evidence.ts';
import type { Address, Hex } from './ids.ts';
import { parseBody } from './parseBody.ts';
import { digestOf, type SigningContext } from './signing.ts';

/**
 * Returns the account of a claim that belongs to a party which wrote one of the claim's records: that party's public key
 * follows from its signature in the entry, so nobody has to ask it.
 *
 * @param context - Domain and primitives.
 * @param entries - Acknowledgements of the claim's entries, verified.
 * @param party - The party that is paid.
 * @param salt - Salt of the claim's terms.
 * @returns Undefined if the party wrote none of them.
 */
export function treaterAccount(
  context: SigningContext,
  entries: readonly Pick<Acknowledgement, 'body'>[],
  party: Address,
  salt: Hex,
): Address | undefined {
  const { primitives } = context;
  for (const { body } of entries) {
    const { request } = parseBody(body);
    if (request.party !== party) continue;
    const digest = hexToBytes(digestOf(context, request.type, request.message));
    const publicKey = primitives.recover(digest, hexToBytes(request.signature));
    return oneTimeAccount(primitives, publicKey, hexToBytes(salt));
  }
  return undefined;
}
