import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { SignedKept } from '../../protocol/evidence.ts';
import { saysKept } from '../../protocol/saysKept.ts';
import type { Deposit } from '../ports.ts';
import { askQuorum } from '../quorum/askQuorum.ts';
import { fulfilled } from '../quorum/fulfilled.ts';
import type { AgentContext } from './AgentContext.ts';

/**
 * Has every organisation's contributor keep a deposit before the ledger changes: this one's own in any case, and a
 * quorum for writes. One that is late copies it from the others.
 *
 * @param agent - The agent's context.
 * @param keepsake - Deposit to keep, with its source.
 * @returns Of a patient's `Keep` the signatures of those that keep it, for the patient's device to count.
 * @throws MedsealError `PEER_UNREACHABLE` if fewer kept it than the threshold of writes; `STATE_STALE`, `QUOTA_SPENT`.
 */
export async function depositEverywhere(
  agent: AgentContext,
  keepsake: Deposit,
): Promise<readonly SignedKept[]> {
  const { contributors, network, organisation } = agent;
  const needed = network.channels[0]?.thresholds.writes ?? contributors.size;
  const own = contributors.get(organisation);
  let ownWaits = own !== undefined;
  const answers = await askQuorum(agent, contributors.values(), {
    ask: async (contributor) => {
      try {
        return proven(agent, keepsake, await contributor.keep(keepsake));
      } finally {
        if (contributor === own) ownWaits = false;
      }
    },
    least: needed,
    isDecided: (given, left) => {
      const done = fulfilled(given).length;
      return !ownWaits && (done >= needed || done + left < needed);
    },
  });
  const kept = fulfilled(answers);
  if (kept.length >= needed) return kept.filter((said) => said !== undefined);
  const failed = answers.find((answer) => answer.status === 'rejected');
  const cause = toMedsealError(failed?.reason);
  if (isMedsealError(cause, 'STATE_STALE') || isMedsealError(cause, 'QUOTA_SPENT')) throw cause;
  throw new MedsealError('PEER_UNREACHABLE', { peer: organisation }, { cause });
}

/** Requires the signature of an organisation that says it keeps a patient's state: the device counts no others. */
function proven(
  agent: AgentContext,
  keepsake: Deposit,
  said: SignedKept | undefined,
): SignedKept | undefined {
  if (!('patient' in keepsake)) return undefined;
  if (said !== undefined && saysKept(agent, said, keepsake.patient.request)) return said;
  throw new MedsealError('PEER_MALFORMED', { what: 'answer to keep' });
}
