import type { AttestedFacts, FactsQuery } from '../../protocol/facts.ts';
import { holds } from '../../protocol/holds.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import { logOf, organisationsBehind } from '../../protocol/networkLookups.ts';
import { signerOf } from '../../protocol/signing.ts';
import { askQuorum } from '../quorum/askQuorum.ts';
import { fulfilled } from '../quorum/fulfilled.ts';
import type { AgentContext } from './AgentContext.ts';

/**
 * What coordinators say to a question about a party and a patient: as many as take it for k that agree. Whoever asked
 * examines each of them.
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
      for (const { attestation, coordinator, signature } of fulfilled(given)) {
        const { nonce, facts } = attestation;
        const isSigned = holds(
          () => signerOf(agent, 'Attestation', attestation, signature) === coordinator,
        );
        if (nonce !== query.nonce || !isSigned) continue;
        signers.set(facts, [...(signers.get(facts) ?? []), coordinator]);
      }
      return [...signers.values()].some((each) => organisationsBehind(channel, each) >= writes);
    },
  });
  return fulfilled(answers);
}
