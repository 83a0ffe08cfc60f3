import { seconds } from '../../protocol/Clock.ts';
import { standsAt } from '../../protocol/rights/judgeMandate.ts';
import type { Bytes32, Handle } from '../../protocol/ids.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import type { Party } from '../party/Party.ts';
import { layDown } from './layDown.ts';

/**
 * Ends the mandates on a patient's chart that a device does not know, with the patient's present key: somebody who had a former key can have given
 * them, and would go on by them after the change.
 *
 * @param party - The patient, with its present key.
 * @param handle - The patient's chart.
 * @param known - Digests of the mandates that the device knows: they stay.
 * @returns Digests of those that it ended.
 * @throws MedsealError `RULE_REFUSED`, `RULE_UNCONFIRMED`, `KEY_UNAUTHENTIC`, `VERDICTS_MISSING`.
 */
export async function endUnknownMandates(
  party: Party,
  handle: Handle,
  known: readonly Bytes32[],
): Promise<readonly Bytes32[]> {
  const { patient } = await confirmFacts(party, { handle });
  const listed = patient?.mandates ?? [];
  const now = seconds(party.clock);
  const unknown = listed.filter((each) => {
    return !known.includes(each.mandate) && standsAt(listed, each, now);
  });
  await layDown(party, handle, unknown);
  return unknown.map(({ mandate }) => mandate);
}
