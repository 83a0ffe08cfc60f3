import { behind, ORGANISATIONS, type TestNetwork } from '../../node/test/testNetwork.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { Party } from '../party/Party.ts';

/**
 * The party at a node that checkpoints all logs whenever it is asked for a checkpoint: no time passes in a test network.
 *
 * @param network - The network.
 * @param party - The party.
 * @param answers - Other answers of the node.
 */
export function checkpointing(
  network: TestNetwork,
  party: Party,
  answers: Partial<AgentPort> = {},
): Party {
  return behind(party, {
    checkpoint: async (log) => {
      for (const name of ORGANISATIONS) await network.checkpoint(name);
      return await party.agent.checkpoint(log);
    },
    ...answers,
  });
}
