import type { PartyFacts } from '../evidence/facts.ts';

/**
 * Tells whether a party has a role that attests births and deaths.
 *
 * @param party - The party; undefined if nobody knows it.
 */
export function mayAttest(party: Pick<PartyFacts, 'role'> | undefined): boolean {
  return party?.role === 'doctor' || party?.role === 'registrar';
}
