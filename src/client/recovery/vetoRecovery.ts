import { seconds } from '../../protocol/Clock.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { sign } from '../../protocol/struct/signing.ts';
import type { Party } from '../party/Party.ts';
import { confirmRule } from '../rights/confirmRule.ts';

/** Seconds for which a veto stops every recovery that is begun. */
const LASTS = 300;

/**
 * Stops the recovery of a party's key that the party did not ask for, through the agent of any organisation, also while it is
 * suspended. For five minutes the same veto stops a second one too.
 *
 * @param party - The party, opened with its present key.
 * @throws MedsealError `RULE_REFUSED` (`ChangeUnknown`) if no recovery is under way; `SIGNATURE_INVALID` if the party has
 * another key by now; `RULE_UNCONFIRMED`.
 * @example
 * ```ts
 * const { party: facts } = await confirmFacts(doctor, { party: doctor.address });
 * if (facts?.recovery !== undefined) await vetoRecovery(doctor);
 * ```
 */
export async function vetoRecovery(
  party: Party,
): Promise<{ readonly transaction: Bytes32; readonly block: number }> {
  const { address } = party;
  const message = { party: address, deadline: seconds(party.clock) + LASTS };
  const placed = await party.agent.veto(sign(party, party, 'Veto', message));
  await confirmRule(party, { party: address }, (after) => after.party?.recovery === undefined);
  return placed;
}
