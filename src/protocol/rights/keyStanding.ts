import type { SignerFacts } from '../evidence/facts.ts';
import type { Address } from '../ids.ts';

/** Standing of a key for a party: a `foreign` one never signed for it. */
export type KeyStanding = 'present' | 'former' | 'suspended' | 'foreign';

/**
 * Returns what a key that signed in a party's name is to that party. The ledger decides, never the message: a former key
 * can sign a change to any other key.
 *
 * @param party - The party in whose name it signed.
 * @param facts - The key as the ledger has it; undefined if it is nobody's.
 */
export function keyStanding(party: Address, facts: SignerFacts | undefined): KeyStanding {
  if (facts?.party !== party) return 'foreign';
  if (!facts.present) return 'former';
  return facts.suspended ? 'suspended' : 'present';
}
