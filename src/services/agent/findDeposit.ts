import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import type { ContributorPort } from '../ports.ts';
import { askQuorum } from '../quorum/askQuorum.ts';
import { fulfilled } from '../quorum/fulfilled.ts';
import type { AgentContext } from './AgentContext.ts';

/**
 * Finds a public deposit: this organisation's or, if it was away when the others kept it, that of the first peer whose
 * answer proves itself. k organisations keep whatever was acknowledged. So if k of them, this one included, do not have
 * it, nobody does; one of the k may lie, so this counts only once no other answer is to be expected. A peer that gives
 * something else is not one of the k.
 *
 * @param agent - The agent's context.
 * @param what - Kind of the deposit.
 * @param ask - Asks one of those who may keep it, and throws `EVIDENCE_INVALID` for what is not what the ledger names.
 * @throws MedsealError `NOT_FOUND` if the organisation does not keep it, and no peer that can be reached.
 */
export async function findDeposit<Value>(
  agent: Pick<
    AgentContext,
    'deposits' | 'contributors' | 'organisation' | 'network' | 'log' | 'clock' | 'circuits'
  >,
  what: 'card' | 'sheet',
  ask: (keeper: Pick<ContributorPort, 'card' | 'sheet'>) => Promise<Value>,
): Promise<Value> {
  try {
    return await ask(agent.deposits);
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
