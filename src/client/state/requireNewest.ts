import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { SignedNewest } from '../../protocol/evidence/evidence.ts';
import { ZERO32, type Bytes32 } from '../../protocol/ids.ts';
import { logOf, organisationsBehind } from '../../protocol/network/networkLookups.ts';
import type { NewestState } from '../../protocol/struct/requests.ts';
import { saysNewest } from '../../protocol/evidence/saysNewest.ts';
import {
  votesOnNewest,
  type NewestVote,
  type StateKeys,
} from '../../protocol/network/votesOnNewest.ts';
import { isRecovered } from '../party/isRecovered.ts';
import type { Party } from '../party/Party.ts';

/**
 * Requires that a state is the newest one of the patient's devices that k organisations know. At least one honest
 * organisation among these k knows every state that k stored, and it suffices if one of them knows a newer state. Once the authority recovered the
 * key, a finder of the lost one can sign any revision for a single organisation that lies: a state that the present key did not sign counts if k state it.
 *
 * @param party - The patient.
 * @param asked - The patient's handle, and the digest of the request that the state was released for.
 * @param state - SHA-256 of the sealed state; undefined if the node says that there is no state.
 * @param answers - Answers as a node passed them on, not trusted.
 * @param keys - The keys that may have signed it.
 * @throws MedsealError `STATE_STALE` if one of them knows a newer state, or fewer than k answer, or state the same where they have to.
 */
export function requireNewest(
  party: Party,
  asked: Pick<NewestState, 'handle' | 'nonce'>,
  state: Bytes32 | undefined,
  answers: unknown,
  keys: StateKeys,
): void {
  const { channel } = logOf(party.network, party.log);
  const question = { ...asked, keys };
  const said = (Array.isArray(answers) ? (answers as readonly SignedNewest[]) : []).filter((each) =>
    saysNewest(party, each, question, seconds(party.clock)),
  );
  const signers = said.map(({ coordinator }) => coordinator);
  const isCounted = ({ key, organisations }: NewestVote): boolean =>
    !isRecovered(party) ||
    key === keys.signers.length - 1 ||
    organisations >= channel.thresholds.writes;
  const votes = votesOnNewest(party, channel, said, keys).filter(isCounted);
  const [newest] = votes;
  // Two devices may have stored states at once, and equally many organisations may have each of them.
  const isNewest = votes.some(
    (vote) =>
      vote.state === (state ?? ZERO32) &&
      vote.key === newest?.key &&
      vote.revision === newest.revision &&
      vote.organisations === newest.organisations,
  );
  if (organisationsBehind(channel, signers) < channel.thresholds.writes || !isNewest) {
    throw new MedsealError('STATE_STALE', {});
  }
}
