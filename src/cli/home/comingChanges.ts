import type { Primitives } from '../../crypto/Primitives.ts';
import { systemClock } from '../../folder/systemClock.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import { seconds } from '../../protocol/Clock.ts';
import { fingerprintOf } from '../../protocol/fingerprintOf.ts';
import { followSuccessors } from '../../protocol/followSuccessors.ts';
import type { NetworkFile } from '../../protocol/NetworkFile.ts';
import type { PlacedSuccessor } from '../../protocol/Successor.ts';

/**
 * Asks nodes for changes of the network that are published and not yet in force. Each is verified from the network file;
 * a node that does not answer, or whose answer does not follow, tells of none.
 *
 * @param primitives - Hashes and the curve.
 * @param network - The network file in force.
 * @param agents - The nodes.
 */
export async function comingChanges(
  primitives: Primitives,
  network: NetworkFile,
  agents: readonly Pick<AgentPort, 'successors'>[],
): Promise<readonly PlacedSuccessor[]> {
  const now = seconds(systemClock);
  const found = new Map<number, PlacedSuccessor>();
  for (const agent of agents) {
    const files = await followed(agent).catch(() => []);
    for (const file of files) {
      const { length: number } = file.before ?? [];
      const from = file.before?.at(-1)?.until ?? 0;
      if (from <= now) continue;
      found.set(number, { number, from, fingerprint: fingerprintOf(primitives, file) });
    }
  }
  return [...found.values()].toSorted((one, other) => one.number - other.number);

  async function followed(agent: (typeof agents)[number]): Promise<readonly NetworkFile[]> {
    const { format, successors } = await agent.successors();
    return followSuccessors({ primitives }, network, { format, successors });
  }
}
