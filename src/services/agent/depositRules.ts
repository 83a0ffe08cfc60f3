import type { MedsealError } from '../../errors/MedsealError.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import type { AgentContext } from './AgentContext.ts';
import { askToKeep } from './askToKeep.ts';

/**
 * Has every organisation's contributor keep what came with rule requests before the ledger changes, all of it in one
 * call to each.
 *
 * @param agent - The agent's context.
 * @param submissions - Rule requests with their deposits.
 * @returns Those that fewer kept than the threshold of writes, by their place, each with the reason.
 */
export async function depositRules(
  agent: AgentContext,
  submissions: readonly Submission[],
): Promise<ReadonlyMap<number, MedsealError>> {
  if (submissions.length === 0) return new Map();
  const { failed } = await askToKeep(agent, submissions.length, async (contributor) => {
    return { refused: await contributor.keepRules(submissions), said: undefined };
  });
  return failed;
}
