import type { PartyFacts } from '../evidence/facts.ts';
import type { Role } from '../vocabulary.ts';

/** The roles that attest births and deaths. */
export const ATTESTERS = ['doctor', 'registrar'] as const satisfies readonly Role[];

/**
 * Tells whether a party has a role that attests births and deaths.
 *
 * @param party - The party; undefined if nobody knows it.
 */
export function mayAttest(party: Pick<PartyFacts, 'role'> | undefined): boolean {
  return ATTESTERS.some((role) => role === party?.role);
}
