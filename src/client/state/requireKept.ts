import { MedsealError } from '../../errors/MedsealError.ts';
import type { SignedKept } from '../../protocol/evidence/evidence.ts';
import { logOf, organisationsBehind } from '../../protocol/network/networkLookups.ts';
import type { Signed } from '../../protocol/struct/requests.ts';
import { saysKept } from '../../protocol/evidence/saysKept.ts';
import type { Party } from '../party/Party.ts';

/**
 * Checks that k organisations keep what a patient's `Keep` binds: an agent's word that they do is not enough, for it may
 * have dropped it. Any k that a new device asks later have an honest one of these among them.
 *
 * @param party - The patient.
 * @param keep - The request that the patient signed.
 * @param answers - As an agent passed them on.
 * @throws MedsealError `ANSWER_DISPUTED` if fewer than k say so.
 */
export function requireKept(
  party: Pick<Party, 'domain' | 'primitives' | 'network' | 'log'>,
  keep: Signed<'Keep'>,
  answers: unknown,
): void {
  const { channel } = logOf(party.network, party.log);
  const said = Array.isArray(answers) ? (answers as readonly SignedKept[]) : [];
  const signers = said
    .filter((each) => saysKept(party, each, keep))
    .map(({ coordinator }) => coordinator);
  if (organisationsBehind(channel, signers) < channel.thresholds.writes) {
    throw new MedsealError('ANSWER_DISPUTED', {});
  }
}
