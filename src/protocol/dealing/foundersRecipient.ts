import type { Primitives } from '../../crypto/Primitives.ts';
import { recipientKey } from '../../crypto/keys/ageIdentity.ts';
import type { Address, Bytes32, Hex } from '../ids.ts';
import { sign, type SigningContext } from '../struct/signing.ts';
import type { SeatKey } from '../network/signSuccessor.ts';
import { succeeds } from '../wire/succeeds.ts';
import { isPartSigned } from './isPartSigned.ts';
import { recipientPart } from './recipientPart.ts';

/** In place of the digest of a change: a recipient is given before its network has an id. */
export const FOUNDING: Bytes32 = `0x${'00'.repeat(32)}`;

/** The number under which an organisation keeps the identity of that recipient: that of a network's first file. */
export const FIRST_NUMBER = 0;

/**
 * Signs the recipient to which the others of a network that is to be founded seal an organisation's share of its release key.
 *
 * @param primitives - Hashes and the curve.
 * @param key - Its coordinator's.
 * @param recipient - An age recipient that it made for this founding.
 */
export function signFoundersRecipient(
  primitives: Primitives,
  key: SeatKey,
  recipient: string,
): Hex {
  const part = recipientPart(primitives, { ceremony: FOUNDING }, recipient);
  return sign(contextOf(primitives), key, 'ShareDeal', part).signature;
}

/**
 * Tells whether a coordinator signed a recipient for a network that is to be founded, and it can be sealed to.
 *
 * @param primitives - Hashes and the curve.
 * @param coordinator - The coordinator.
 * @param share - The recipient with the signature; not trusted.
 */
export function isFoundersRecipient(
  primitives: Primitives,
  coordinator: Address,
  { recipient, signature }: { readonly recipient: string; readonly signature: Hex },
): boolean {
  return succeeds(() => {
    recipientKey(recipient);
    const part = recipientPart(primitives, { ceremony: FOUNDING }, recipient);
    return isPartSigned(contextOf(primitives), part, signature, coordinator);
  });
}

function contextOf(primitives: Primitives): SigningContext {
  return { primitives, domain: { name: 'Medseal', version: '1', chainId: 0, salt: FOUNDING } };
}
