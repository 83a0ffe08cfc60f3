import type { Organisation } from '../../protocol/ids.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import type { Role } from '../../protocol/vocabulary.ts';
import type { Party } from '../party/Party.ts';
import { applicationWords } from './applicationWords.ts';

/**
 * Puts the application that a party is about to sign into words. The applicant reads them to the operator of the
 * organisation, whose node shows the words of the application that it got.
 *
 * @param party - Party that applies.
 * @param as - The role, and the organisation that the party belongs to.
 * @example
 * ```ts
 * const words = ownApplicationWords(doctor, { role: 'doctor', organisation: 'hospital' });
 * console.log(`Read this to your organisation: ${words.join(' ')}`);
 * ```
 */
export function ownApplicationWords(
  { primitives, address, recipient }: Pick<Party, 'primitives' | 'address' | 'recipient'>,
  as: { readonly role: Role; readonly organisation: Organisation },
): readonly string[] {
  const { role, organisation } = as;
  const hash = recipientHash(primitives, recipient);
  return applicationWords(primitives, { party: address, role, organisation, recipient: hash });
}
