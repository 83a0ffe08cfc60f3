import { seconds } from '../../protocol/Clock.ts';
import type { AttestedFacts, FactsQuery } from '../../protocol/facts.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import { isAttested } from '../../protocol/isAttested.ts';
import { logOf, organisationsBehind } from '../../protocol/networkLookups.ts';
import { askQuorum } from '../quorum/askQuorum.ts';
import { fulfilled } from '../quorum/fulfilled.ts';
import type { AgentContext } from './AgentContext.ts';

/**
 * Collects coordinators' answers to a question about a party and a patient, until k of them agree. The asker verifies
 * each answer.
 *
 * @param agent - The agent's context.
 * @param query - The question.
 */
export async function collectFacts(
  agent: AgentContext,
  query: FactsQuery,
): Promise<readonly AttestedFacts[]> {
  const { channel } = logOf(agent.network, agent.log.identity.name);
  const { writes } = channel.thresholds;
  const answers = await askQuorum(agent, agent.coordinators, {
    ask: async (coordinator) => await coordinator.attest(query),
    least: writes,
    isDecided: (given) => {
      const signers = new Map<Bytes32, Address[]>();
      for (const answer of fulfilled(given)) {
        // Whoever asked would not count another.
        if (!isAttested(agent, answer, query, seconds(agent.clock))) continue;
        const { attestation, coordinator } = answer;
        const { facts } = attestation;
        signers.set(facts, [...(signers.get(facts) ?? []), coordinator]);
      }
      return [...signers.values()].some((each) => organisationsBehind(channel, each) >= writes);
    },
  });
  return fulfilled(answers);
}
