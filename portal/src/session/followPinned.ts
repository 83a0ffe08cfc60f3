import { followNetwork, webPorts, type FollowedNetwork } from '../../../src/client/index.ts';
import type { AgentPort } from '../../../src/protocol/AgentPort.ts';
import { followSuccessors } from '../../../src/protocol/network/followSuccessors.ts';
import type { NetworkFile } from '../../../src/protocol/network/NetworkFile.ts';

/**
 * Follows the pinned network file to the one that an agent runs by.
 *
 * @param pinned - The pinned file.
 * @param known - Successors that this browser has followed before, if there are any.
 * @param agent - The agent; what it says is verified.
 * @throws MedsealError what `followNetwork` throws.
 */
export async function followPinned(
  pinned: NetworkFile,
  known: unknown,
  agent: Pick<AgentPort, 'network' | 'successors'>,
): Promise<FollowedNetwork> {
  const before = known === undefined ? [pinned] : followSuccessors(webPorts, pinned, known);
  return await followNetwork(webPorts, before, agent);
}
