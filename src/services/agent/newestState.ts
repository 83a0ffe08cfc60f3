import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Base64 } from '../../protocol/evidence.ts';
import type { Bytes32, Handle } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/networkLookups.ts';
import type { KeptState } from '../kept/stateIn.ts';
import { askQuorum } from '../quorum/askQuorum.ts';
import { fulfilled } from '../quorum/fulfilled.ts';
import type { AgentContext } from './AgentContext.ts';

type Answers = readonly PromiseSettledResult<KeptState | undefined>[];

/** A state, or that there is none, and how many say so. */
interface Vote {
  readonly state: KeptState | undefined;
  readonly count: number;
}

/**
 * The newest state of a patient's devices. A state is acknowledged once k organisations keep it, and any two sets of k
 * share an honest organisation: so k answers have it among them, and what k say alike is it, whatever one more claims to
 * have. The patient's device checks what it is given.
 *
 * @param agent - The agent's context.
 * @param handle - The patient.
 * @throws MedsealError `PEER_UNREACHABLE` where fewer answer than must agree on a write: they may not know the newest.
 */
export async function newestState(
  agent: AgentContext,
  handle: Handle,
): Promise<Base64 | undefined> {
  const { writes } = logOf(agent.network, agent.log.identity.name).channel.thresholds;
  const answers = await askQuorum(agent, agent.contributors.values(), {
    ask: async (contributor) => await contributor.state(handle),
    least: writes,
    isDecided: (given, left) => {
      const votes = votesOf(agent, given);
      if (votes.some(({ count }) => count >= writes)) return true;
      const [newest, next] = votes;
      const isContested =
        newest?.state !== undefined && next?.state?.revision === newest.state.revision;
      if (isContested && newest.count <= next.count + left) return false;
      return fulfilled(given).length >= writes;
    },
  });
  if (fulfilled(answers).length < writes) {
    throw new MedsealError('PEER_UNREACHABLE', { peer: agent.organisation });
  }
  const votes = votesOf(agent, answers);
  return (votes.find(({ count }) => count >= writes) ?? votes[0])?.state?.sealed;
}

/** The newest first, and of those of one number the one that most say. */
function votesOf({ primitives }: AgentContext, answers: Answers): readonly Vote[] {
  const votes = new Map<Bytes32 | undefined, Vote>();
  for (const state of fulfilled(answers)) {
    const isWhole =
      state === undefined ||
      bytesToHex(primitives.sha256(utf8ToBytes(state.sealed))) === state.hash;
    if (!isWhole) continue;
    const { count } = votes.get(state?.hash) ?? { count: 0 };
    votes.set(state?.hash, { state, count: count + 1 });
  }
  return [...votes.values()].toSorted(
    (left, right) => revisionOf(right) - revisionOf(left) || right.count - left.count,
  );
}

function revisionOf({ state }: Vote): number {
  return state?.revision ?? -1;
}
