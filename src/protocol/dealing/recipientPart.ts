import type { Primitives } from '../../crypto/Primitives.ts';
import type { Bytes32 } from '../ids.ts';
import { recipientHash } from '../rights/recipientHash.ts';
import type { ShareDeal } from '../struct/requests.ts';

/**
 * The statement by which a member gives the recipient that its shares are sealed to.
 *
 * @param primitives - SHA-256.
 * @param plan - The digest of the change.
 * @param recipient - The recipient.
 */
export function recipientPart(
  primitives: Pick<Primitives, 'sha256'>,
  { ceremony }: { readonly ceremony: Bytes32 },
  recipient: string,
): ShareDeal {
  return { ceremony, part: 'recipient', content: recipientHash(primitives, recipient) };
}
