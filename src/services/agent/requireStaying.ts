import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { AgentContext } from './AgentContext.ts';

/**
 * Seconds before an organisation leaves in which its log takes nothing new: time for a last checkpoint, and for the others
 * to copy what it holds. Afterwards they go on from their copies alone.
 */
export const LAST_TURN = 30;

/**
 * Refuses what would become an entry of a log that ends in a moment, because its organisation leaves the network.
 *
 * @param agent - The agent's context.
 * @throws MedsealError `NETWORK_LEAVING`.
 */
export function requireStaying({
  clock,
  organisation,
  succession,
}: Pick<AgentContext, 'clock' | 'organisation' | 'succession'>): void {
  const coming = succession.inForce(seconds(clock) + LAST_TURN);
  if (coming.authority.members.some((member) => member.organisation === organisation)) return;
  const left = coming.before?.at(-1)?.until ?? 0;
  const moment = new Date(1000 * left).toISOString();
  throw new MedsealError('NETWORK_LEAVING', { organisation, left: moment });
}
