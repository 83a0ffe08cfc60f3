import type { Primitives } from '../../crypto/Primitives.ts';
import { systemClock } from '../../folder/systemClock.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import { seconds } from '../../protocol/Clock.ts';
import { fingerprintOf } from '../../protocol/network/fingerprintOf.ts';
import { followSuccessors } from '../../protocol/network/followSuccessors.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { numberOf } from '../../protocol/wire/numberOf.ts';
import type { PlacedSuccessor, Successor } from '../../protocol/network/Successor.ts';

/** A change of the network that is published and not yet in force. */
export interface ComingChange {
  readonly placed: PlacedSuccessor;
  readonly successor: Successor;
  readonly before: NetworkFile;
  readonly after: NetworkFile;
}

/**
 * Asks nodes for changes of the network that are published and not yet in force. Each is verified from the network file;
 * a node that does not answer, or whose answer does not follow, tells of none.
 *
 * @param primitives - Hashes and the curve.
 * @param network - The network file in force.
 * @param agents - The nodes.
 * @returns The changes in their order; of two that are signed under one number both.
 */
export async function comingChanges(
  primitives: Primitives,
  network: NetworkFile,
  agents: readonly Pick<AgentPort, 'successors'>[],
): Promise<readonly ComingChange[]> {
  const now = seconds(systemClock);
  const found = new Map<string, ComingChange>();
  for (const agent of agents) {
    for (const change of await published(agent).catch(() => [])) {
      if (change.placed.from > now) found.set(change.placed.fingerprint, change);
    }
  }
  return [...found.values()].toSorted((one, other) => one.placed.number - other.placed.number);

  async function published(agent: (typeof agents)[number]): Promise<readonly ComingChange[]> {
    const { format, successors } = await agent.successors();
    const files = followSuccessors({ primitives }, network, { format, successors });
    return files.slice(1).flatMap((after, place) => {
      const number = numberOf(after);
      const successor = successors.find((each) => each.number === number);
      const before = files[place];
      if (successor === undefined || before === undefined) return [];
      const placed = {
        number,
        from: successor.from,
        fingerprint: fingerprintOf(primitives, after),
      };
      return [{ placed, successor, before, after }];
    });
  }
}
