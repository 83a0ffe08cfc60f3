import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { Keepsake } from '../ports.ts';
import type { AgentContext } from './AgentContext.ts';

/**
 * Has every organisation's contributor keep something, before the ledger moves.
 *
 * @param agent - The agent's context.
 * @param keepsake - What is to be kept, with what binds it.
 * @throws MedsealError `PEER_UNREACHABLE` where fewer kept it than must agree on a write; `STATE_STALE`, `QUOTA_SPENT`.
 */
export async function keepEverywhere(agent: AgentContext, keepsake: Keepsake): Promise<void> {
  const { contributors, network, organisation } = agent;
  const answers = await Promise.allSettled(
    [...contributors.values()].map(async (contributor) => await contributor.keep(keepsake)),
  );
  const done = answers.filter((answer) => answer.status === 'fulfilled').length;
  const needed = network.channels[0]?.thresholds.writes ?? contributors.size;
  if (done >= needed) return;
  const failed = answers.find((answer) => answer.status === 'rejected');
  const cause = toMedsealError(failed?.reason);
  if (isMedsealError(cause, 'STATE_STALE') || isMedsealError(cause, 'QUOTA_SPENT')) throw cause;
  throw new MedsealError('PEER_UNREACHABLE', { peer: organisation }, { cause });
}
