import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { SentLetter } from '../../protocol/AgentPort.ts';
import { logOf } from '../../protocol/networkLookups.ts';
import type { Signed } from '../../protocol/requests.ts';
import { checkCollect } from '../letters/checkLetter.ts';
import { askQuorum } from '../quorum/askQuorum.ts';
import { fulfilled } from '../quorum/fulfilled.ts';
import type { AgentContext } from './AgentContext.ts';

/**
 * Gives a party the letters that wait for it, wherever they are kept; each node forgets those that were taken.
 *
 * @param agent - The agent's context.
 * @param offered - Not trusted.
 * @throws MedsealError that says why not; of the nodes, where none answers.
 */
export async function collectLetters(
  agent: AgentContext,
  offered: Signed<'Collect'>,
): Promise<readonly SentLetter[]> {
  await agent.index.refresh();
  const request = checkCollect(agent, offered);
  const { writes } = logOf(agent.network, agent.log.identity.name).channel.thresholds;
  // Of those who keep a letter that was acknowledged, one is among any k.
  const answers = await askQuorum(agent, agent.contributors.values(), {
    ask: async (keeper) => await keeper.letters(request),
    least: writes,
    isDecided: (given) => fulfilled(given).length >= writes,
  });
  const given = answers.filter((answer) => answer.status === 'fulfilled');
  const failed = answers.find((answer) => answer.status === 'rejected');
  if (given.length === 0 && failed !== undefined) throw toMedsealError(failed.reason);
  const letters = given.flatMap(({ value }) => value);
  const byHash = new Map(letters.map((letter) => [letter.request.signature, letter]));
  return [...byHash.values()];
}
