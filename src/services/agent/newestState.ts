import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Bytes32, Handle } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/networkLookups.ts';
import { parseSigned } from '../../protocol/parseSigned.ts';
import { authenticatePatient } from '../kept/authenticateRule.ts';
import type { SignedState } from '../kept/stateIn.ts';
import { askQuorum } from '../quorum/askQuorum.ts';
import { fulfilled } from '../quorum/fulfilled.ts';
import type { AgentContext } from './AgentContext.ts';

type Answers = readonly PromiseSettledResult<SignedState | undefined>[];

/** A state, or that there is none, and how many say so. */
interface Vote {
  readonly state: SignedState | undefined;
  readonly count: number;
}

/**
 * The newest state of a patient's devices. A state is acknowledged once k organisations keep it, and any two sets of k
 * share an honest organisation: so k answers have it among them, and what k say alike is it. Each answer comes with the
 * patient's signature over what it claims to be, or is passed over: nobody can make up a newer one.
 *
 * @param agent - The agent's context.
 * @param handle - The patient.
 * @throws MedsealError `PEER_UNREACHABLE` where fewer answer with proof than must agree on a write: they may not know the
 * newest.
 */
export async function newestState(
  agent: AgentContext,
  handle: Handle,
): Promise<SignedState | undefined> {
  const { writes } = logOf(agent.network, agent.log.identity.name).channel.thresholds;
  const answers = await askQuorum(agent, agent.contributors.values(), {
    ask: async (contributor) => proven(agent, handle, await contributor.state(handle)),
    least: writes,
    isDecided: (given, left) => {
      const votes = votesOf(given);
      if (votes.some(({ count }) => count >= writes)) return true;
      const [newest, next] = votes;
      const isContested = newest?.state !== undefined && revisionOf(next) === revisionOf(newest);
      if (isContested && newest.count <= (next?.count ?? 0) + left) return false;
      return fulfilled(given).length >= writes;
    },
  });
  if (fulfilled(answers).length < writes) {
    throw new MedsealError('PEER_UNREACHABLE', { peer: agent.organisation });
  }
  const votes = votesOf(answers);
  return (votes.find(({ count }) => count >= writes) ?? votes[0])?.state;
}

/**
 * What an organisation says to be the newest, once it is known that the patient signed that.
 * @throws MedsealError that says what is wrong with it.
 */
function proven(
  agent: AgentContext,
  handle: Handle,
  said: SignedState | undefined,
): SignedState | undefined {
  if (said === undefined) return undefined;
  const { sealed } = said;
  const request = authenticatePatient(agent, parseSigned(said.request, ['Keep']));
  const hash = bytesToHex(agent.primitives.sha256(utf8ToBytes(sealed)));
  if (request.message.handle !== handle || request.message.state !== hash) {
    throw new MedsealError('PEER_MALFORMED', { what: 'state' });
  }
  return { request, sealed };
}

/** The newest first, and of those of one number the one that most say. */
function votesOf(answers: Answers): readonly Vote[] {
  const votes = new Map<Bytes32 | undefined, Vote>();
  for (const state of fulfilled(answers)) {
    const hash = state?.request.message.state;
    const { count } = votes.get(hash) ?? { count: 0 };
    votes.set(hash, { state, count: count + 1 });
  }
  return [...votes.values()].toSorted(
    (left, right) => revisionOf(right) - revisionOf(left) || right.count - left.count,
  );
}

function revisionOf(vote: Vote | undefined): number {
  return vote?.state?.request.message.revision ?? -1;
}
