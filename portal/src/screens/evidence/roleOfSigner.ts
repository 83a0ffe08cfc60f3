import type { Actor } from '../../session/useActors.ts';
import { shortAddress } from '../../ui/shortAddress.ts';

/**
 * Says the role of somebody who signed. Somebody without a name has a part of the address beside it: two of one role at one
 * organisation are two people.
 *
 * @param actor - The person, as far as that is known.
 * @param party - The person's address.
 * @returns Undefined for somebody with a name whose role is not known.
 */
export function roleOfSigner({ name, role }: Actor, party: string): string | undefined {
  if (name !== undefined) return role;
  return [role, shortAddress(party)].filter((each) => each !== undefined).join(' · ');
}
