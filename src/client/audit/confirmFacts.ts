import { bytesToHex } from '../../crypto/bytes.ts';
import { agreedFacts } from '../../protocol/evidence/agreedFacts.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Facts, FactsQuery } from '../../protocol/evidence/facts.ts';
import type { Party } from '../party/Party.ts';

/**
 * Asks coordinators about a party and a patient, and takes the facts that k different organisations sign alike over
 * this device's own nonce and question: this finds a stale, forged or misplaced answer of the node in between.
 *
 * @param party - Party that asks.
 * @param query - A party's address, a patient's handle, or both.
 * @throws MedsealError `KEY_UNAUTHENTIC` if an answer is forged or they differ; `VERDICTS_MISSING` if there are too few;
 * `CLOCK_SKEWED` if there are too few because clocks differ.
 * @example
 * ```ts
 * const facts = await confirmFacts(doctor, { party: doctor.address, handle });
 * console.log(`suspended: ${facts.party?.suspended}`);
 * console.log(`epoch of the chart: ${facts.patient?.epoch}`);
 * ```
 */
export async function confirmFacts(party: Party, query: Omit<FactsQuery, 'nonce'>): Promise<Facts> {
  const asked = { ...query, nonce: bytesToHex(party.random(32)) };
  const answers: unknown = await party.agent.facts(asked);
  return agreedFacts(party, asked, answers, seconds(party.clock));
}
