import { MedsealError } from '../../errors/MedsealError.ts';
import { isAttested, MAX_AGE } from '../care/isAttested.ts';
import type { Address } from '../ids.ts';
import { logOf, organisationsBehind } from '../network/networkLookups.ts';
import type { FactsContext } from './agreedFacts.ts';
import type { AttestedFacts, FactsQuery } from './facts.ts';
import type { BlockFacts } from '../network/BlockFacts.ts';

/** Seconds that the newest block of a ledger may be old: a validator makes one each minute at least. */
export const OLDEST_HEAD = 180;

/**
 * Returns the newest block that coordinators of k different organisations sign alike over the asker's own nonce. They must
 * be coordinators of the network file that is given: those of a former office do not count.
 *
 * @param context - Network, log, domain and primitives.
 * @param asked - The question, with the nonce and `newest`.
 * @param answers - Not trusted.
 * @param now - Unix seconds.
 * @throws MedsealError `LEDGER_DISPUTED` if k sign one block, and k another one; `VERDICTS_MISSING` if there are too few;
 * `CLOCK_SKEWED` if there are too few because clocks differ; `LEDGER_STALE` if the block is over three minutes old.
 */
export function agreedNewest(
  { network, log, ...context }: FactsContext,
  asked: FactsQuery,
  answers: readonly AttestedFacts[],
  now: number,
): BlockFacts {
  const { channel } = logOf(network, log);
  const { writes: needed } = channel.thresholds;
  const signed = new Map<string, { readonly block: BlockFacts; readonly signers: Address[] }>();
  let isTimely = true;
  for (const answer of answers) {
    // With the asker's new nonce it was signed after the question: only a clock can be wrong.
    if (!isAttested(context, answer, asked, now)) {
      if (isAttested(context, answer, asked)) isTimely = false;
      continue;
    }
    const { newest: block } = answer.facts;
    if (block === undefined) continue;
    const { height, hash, time } = block;
    const name = `${height} ${hash} ${time}`;
    const alike = signed.get(name) ?? { block, signers: [] };
    alike.signers.push(answer.coordinator);
    signed.set(name, alike);
  }
  const counted = [...signed.values()].map(({ block, signers }) => {
    return { block, organisations: organisationsBehind(channel, signers) };
  });
  const [agreed, other] = counted.filter(({ organisations }) => organisations >= needed);
  if (agreed === undefined) {
    if (!isTimely) throw new MedsealError('CLOCK_SKEWED', { limit: MAX_AGE });
    const got = Math.max(0, ...counted.map(({ organisations }) => organisations));
    throw new MedsealError('VERDICTS_MISSING', { got, needed });
  }
  const { block } = agreed;
  if (other !== undefined) throw new MedsealError('LEDGER_DISPUTED', { height: block.height });
  if (block.time > now + MAX_AGE) throw new MedsealError('CLOCK_SKEWED', { limit: MAX_AGE });
  if (block.time < now - OLDEST_HEAD) {
    throw new MedsealError('LEDGER_STALE', { age: now - block.time });
  }
  return block;
}
