import { MedsealError } from '../../errors/MedsealError.ts';
import type { AttestedFacts, Facts, FactsQuery } from './facts.ts';
import type { Address, LogName } from '../ids.ts';
import { isAttested, MAX_AGE } from '../care/isAttested.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import { logOf, organisationsBehind } from '../network/networkLookups.ts';
import type { SigningContext } from '../struct/signing.ts';

/** The network that a device trusts, and the log whose channel's coordinators it asks. */
export interface FactsContext extends SigningContext {
  readonly network: NetworkFile;
  readonly log: LogName;
}

/**
 * Returns the facts that coordinators of k different organisations sign alike over the asker's own nonce and question:
 * this finds a stale, forged or misplaced answer of whoever is in between.
 *
 * @param context - Network, log, domain and primitives.
 * @param asked - The question, with the nonce.
 * @param answers - Not trusted.
 * @param now - Unix seconds.
 * @throws MedsealError `KEY_UNAUTHENTIC` if an answer is forged or they differ; `VERDICTS_MISSING` if there are too few;
 * `CLOCK_SKEWED` if there are too few because clocks differ.
 */
export function agreedFacts(
  { network, log, ...context }: FactsContext,
  asked: FactsQuery,
  answers: unknown,
  now: number,
): Facts {
  const { channel } = logOf(network, log);
  const supporters = new Map<string, { facts: Facts; signers: Address[] }>();
  let isSound = Array.isArray(answers);
  let isTimely = true;
  for (const answer of Array.isArray(answers) ? (answers as AttestedFacts[]) : []) {
    if (!isAttested(context, answer, asked, now)) {
      // It has this device's new nonce, and so was signed after the question: only a clock can be wrong.
      if (isAttested(context, answer, asked)) isTimely = false;
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
