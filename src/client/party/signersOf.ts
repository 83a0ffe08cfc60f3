import type { Address } from '../../protocol/ids.ts';
import type { Party } from './Party.ts';

/**
 * Returns the addresses of the keys that have signed for a party, oldest first: the last one signs now.
 *
 * @param party - The party.
 * @example
 * ```ts
 * const present = signersOf(patient).at(-1);
 * console.log(`${present} signs for ${patient.address}`);
 * ```
 */
export function signersOf({
  address,
  keyChanges = [],
}: Pick<Party, 'address' | 'keyChanges'>): readonly Address[] {
  return [address, ...keyChanges.map(({ message }) => message.signer)];
}
