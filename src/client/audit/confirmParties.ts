import type { PartyFacts } from '../../protocol/evidence/facts.ts';
import type { Address } from '../../protocol/ids.ts';
import { MAX_PARTIES } from '../../protocol/shapes/askedShapes.ts';
import type { Party } from '../party/Party.ts';
import { confirmFacts } from './confirmFacts.ts';

/**
 * Asks coordinators about several parties at once: role, organisation and standing of each as k organisations sign them.
 *
 * @param party - Party that asks.
 * @param addresses - Addresses of the others; more than 64 take several questions.
 * @returns The facts by address; a party that the Registry does not have is not in it.
 * @throws MedsealError `KEY_UNAUTHENTIC`, `VERDICTS_MISSING`, `CLOCK_SKEWED`.
 * @example
 * ```ts
 * const known = await confirmParties(patient, [doctor.address, insurer.address]);
 * console.log(known.get(doctor.address)?.organisation);
 * ```
 */
export async function confirmParties(
  party: Party,
  addresses: readonly Address[],
): Promise<ReadonlyMap<Address, PartyFacts>> {
  const all = [...new Set(addresses)];
  const found = new Map<Address, PartyFacts>();
  for (let at = 0; at < all.length; at += MAX_PARTIES) {
    const { parties = [] } = await confirmFacts(party, {
      parties: all.slice(at, at + MAX_PARTIES),
    });
    for (const facts of parties) found.set(facts.party, facts);
  }
  return found;
}
