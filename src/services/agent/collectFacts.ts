import { seconds } from '../../protocol/Clock.ts';
import type { AttestedFacts, FactsQuery } from '../../protocol/evidence/facts.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import { isAttested } from '../../protocol/care/isAttested.ts';
import { logOf, organisationsBehind } from '../../protocol/network/networkLookups.ts';
import { askQuorum } from '../quorum/askQuorum.ts';
import { fulfilled } from '../quorum/fulfilled.ts';
import type { AgentContext } from './AgentContext.ts';

/** Longest time in which differing coordinators are asked again, and the time between two questions, milliseconds. */
const [PATIENCE, STEP] = [3000, 100];

/**
 * Collects coordinators' answers to a question about a party and a patient, until k of them agree. The asker verifies
 * each answer. If validators hold the ledger, they have a new block at different times: coordinators that differ because
 * of that are asked again.
 *
 * @param agent - The agent's context.
 * @param query - The question.
 */
export async function collectFacts(
  agent: Pick<AgentContext, Needed>,
  query: FactsQuery,
): Promise<readonly AttestedFacts[]> {
  const { channel } = logOf(agent.network, agent.log.identity.name);
  const { writes } = channel.thresholds;
  const until = agent.clock.now() + PATIENCE;
  for (;;) {
    // Others can still answer if this ledger does not.
    await Promise.allSettled([agent.index.refresh()]);
    const { block } = agent.index;
    const answers = await askQuorum(agent, agent.coordinators, {
      ask: async (coordinator) => await coordinator.attest({ ...query, block }),
      least: writes,
      isDecided: (given) => signersOf(fulfilled(given)).some(isQuorum),
    });
    const given = fulfilled(answers);
    const signers = signersOf(given);
    const differ = !signers.some(isQuorum) && isQuorum(signers.flat());
    const isOver = agent.network.ledger.chain === undefined || agent.clock.now() >= until;
    if (!differ || isOver) return given;
    await new Promise<void>((resolve) => void agent.clock.after(STEP, resolve));
  }

  /** Signers of the answers that the asker would count, one list for all that say the same. */
  function signersOf(given: readonly AttestedFacts[]): readonly (readonly Address[])[] {
    const signers = new Map<Bytes32, Address[]>();
    for (const answer of given) {
      if (!isAttested(agent, answer, query, seconds(agent.clock))) continue;
      const { attestation, coordinator } = answer;
      const { facts } = attestation;
      signers.set(facts, [...(signers.get(facts) ?? []), coordinator]);
    }
    return [...signers.values()];
  }

  function isQuorum(signers: readonly Address[]): boolean {
    return organisationsBehind(channel, signers) >= writes;
  }
}

type Needed =
  'index' | 'network' | 'log' | 'clock' | 'circuits' | 'coordinators' | 'domain' | 'primitives';
