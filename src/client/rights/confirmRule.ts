import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Facts, FactsQuery } from '../../protocol/evidence/facts.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import type { Party } from '../party/Party.ts';
import { patiently } from '../agent/patiently.ts';

/**
 * Confirms with k coordinators that a rule change stands on the ledger: the agent's statement is not enough.
 * Coordinators that have not seen the newest block yet get some seconds.
 *
 * @param party - Party that made the change.
 * @param query - Question to the coordinators.
 * @param stands - True if the facts show the change.
 * @returns The facts.
 * @throws MedsealError `RULE_UNCONFIRMED`.
 */
export async function confirmRule(
  party: Party,
  query: Omit<FactsQuery, 'nonce'>,
  stands: (facts: Facts) => boolean,
): Promise<Facts> {
  const confirmed = await patiently(party, async () => {
    const facts = await confirmFacts(party, query).catch(unlessDisagreement);
    return facts !== undefined && stands(facts) ? facts : undefined;
  });
  if (confirmed === undefined) throw new MedsealError('RULE_UNCONFIRMED', {});
  return confirmed;
}

function unlessDisagreement(error: unknown): undefined {
  if (!isMedsealError(error, 'KEY_UNAUTHENTIC')) throw error;
}
