import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { ContributorPort } from '../ports.ts';
import type { AgentContext } from './AgentContext.ts';

/**
 * Something public that was kept for the parties: as the organisation keeps it or, where it was away when the others
 * kept it, as the first peer does whose answer proves itself.
 *
 * @param agent - The agent's context.
 * @param ask - Asks one of those who may keep it, and throws `NOT_FOUND` for what is not what the ledger names.
 * @throws MedsealError `NOT_FOUND` where the organisation does not keep it, and no peer that can be reached.
 */
export async function keptAnywhere<Value>(
  agent: Pick<AgentContext, 'kept' | 'contributors' | 'organisation'>,
  ask: (keeper: Pick<ContributorPort, 'card' | 'sheet'>) => Promise<Value>,
): Promise<Value> {
  try {
    return await ask(agent.kept);
  } catch (error) {
    if (!isMedsealError(error, 'NOT_FOUND')) throw error;
    const peers = [...agent.contributors].filter(([name]) => name !== agent.organisation);
    return await Promise.any(peers.map(async ([, peer]) => await ask(peer))).catch(() => {
      throw error;
    });
  }
}
