import { bytesToHex } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { AttestedFacts, Facts, FactsQuery } from '../../protocol/facts.ts';
import type { Address } from '../../protocol/ids.ts';
import { isAttested, MAX_AGE } from '../../protocol/isAttested.ts';
import { logOf, organisationsBehind } from '../../protocol/networkLookups.ts';
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
  const nonce = bytesToHex(party.random(32));
  const answers: unknown = await party.agent.facts({ ...query, nonce });
  const { channel } = logOf(party.network, party.log);
  const supporters = new Map<string, { facts: Facts; signers: Address[] }>();
  let isSound = Array.isArray(answers);
  let isTimely = true;
  for (const answer of Array.isArray(answers) ? (answers as AttestedFacts[]) : []) {
    const asked = { ...query, nonce };
    if (!isAttested(party, answer, asked, seconds(party.clock))) {
      // It has this device's new nonce, and so was signed after the question: only a clock can be wrong.
      if (isAttested(party, answer, asked)) isTimely = false;
      else isSound = false;
      continue;
    }
    const known = supporters.get(answer.attestation.facts) ?? { facts: answer.facts, signers: [] };
    known.signers.push(answer.coordinator);
    supporters.set(answer.attestation.facts, known);
  }
  const needed = channel.thresholds.writes;
  for (const { facts, signers } of supporters.values()) {
    if (organisationsBehind(channel, signers) >= needed) return facts;
  }
  const all = [...supporters.values()].flatMap(({ signers }) => signers);
  const got = organisationsBehind(channel, all);
  // Coordinators that are away accuse nobody.
  if (isSound && supporters.size < 2 && all.length === got) {
    if (!isTimely) throw new MedsealError('CLOCK_SKEWED', { limit: MAX_AGE });
    throw new MedsealError('VERDICTS_MISSING', { got, needed });
  }
  throw new MedsealError('KEY_UNAUTHENTIC', { what: 'answer about the keys' });
}
