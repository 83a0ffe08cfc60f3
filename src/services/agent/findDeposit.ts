import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { logOf } from '../../protocol/networkLookups.ts';
import type { ContributorPort } from '../ports.ts';
import { askQuorum } from '../quorum/askQuorum.ts';
import { fulfilled } from '../quorum/fulfilled.ts';
import type { AgentContext } from './AgentContext.ts';

/**
 * Something public that was kept for the parties: as the organisation keeps it or, if it was away when the others
 * kept it, as the first peer does whose answer proves itself. Whatever was acknowledged k organisations keep, so k that
 * do not have it, this one among them, are enough to say that nobody does, once nothing is to be hoped for from the
 * others: one of the k may lie. Whoever gives something else is none of them.
 *
 * @param agent - The agent's context.
 * @param what - What it is.
 * @param ask - Asks one of those who may keep it, and throws `EVIDENCE_INVALID` for what is not what the ledger names.
 * @throws MedsealError `NOT_FOUND` if the organisation does not keep it, and no peer that can be reached.
 */
export async function findDeposit<Value>(
  agent: Pick<
    AgentContext,
    'kept' | 'contributors' | 'organisation' | 'network' | 'log' | 'clock' | 'circuits'
  >,
  what: 'card' | 'sheet',
  ask: (keeper: Pick<ContributorPort, 'card' | 'sheet'>) => Promise<Value>,
): Promise<Value> {
  try {
    return await ask(agent.kept);
  } catch (error) {
    if (!isMedsealError(error, 'NOT_FOUND') && !isMedsealError(error, 'EVIDENCE_INVALID')) {
      throw error;
    }
    const { writes } = logOf(agent.network, agent.log.identity.name).channel.thresholds;
    const peers = [...agent.contributors].filter(([name]) => name !== agent.organisation);
    const answers = await askQuorum(
      agent,
      peers.map(([, peer]) => peer),
      {
        ask,
        least: 1,
        isDecided: (given, _left, hopeful) => {
          const lacking = given.filter(
            (each) => each.status === 'rejected' && isMedsealError(each.reason, 'NOT_FOUND'),
          );
          return hopeful === 0 && 1 + lacking.length >= writes;
        },
        isProven: (given) => fulfilled(given).length > 0,
      },
    );
    for (const value of fulfilled(answers)) return value;
    throw isMedsealError(error, 'NOT_FOUND')
      ? error
      : new MedsealError('NOT_FOUND', { what }, { cause: error });
  }
}
