import type { AgentPort } from '../../../src/protocol/AgentPort.ts';
import { isSameNetworkFile } from '../../../src/protocol/network/isSameNetworkFile.ts';
import type { NetworkFile } from '../../../src/protocol/network/NetworkFile.ts';
import { parseNetworkFile } from '../../../src/protocol/network/parseNetworkFile.ts';
import type { Shelf } from '../vault/openShelf.ts';

const PINNED = 'network';
const FOLLOWED = 'successors';

/**
 * Pins the network file of an agent at the first visit; later it follows the pinned one by its signed successors.
 *
 * @param shelf - Values that this browser keeps.
 * @param agent - The agent; what it says is verified.
 * @returns The file that both go by.
 * @throws MedsealError `NETWORK_FILE_OTHER` if the agent's file does not follow from the pinned one, or was replaced long
 * ago; `SUCCESSOR_INVALID` if it lacks a successor that this browser has seen; `NETWORK_FILE_INVALID`, `PEER_UNREACHABLE`.
 */
export async function pinNetwork(
  shelf: Shelf,
  agent: Pick<AgentPort, 'network' | 'successors'>,
): Promise<NetworkFile> {
  const { pinned, followed: known } = await pinnedOn(shelf);
  if (pinned === undefined) {
    // The pin stays for good, so an answer of something else than the node must not become it.
    const first = parseNetworkFile(await agent.network());
    await shelf.write(PINNED, first);
    return first;
  }
  if (known === undefined && isSameNetworkFile(pinned, await agent.network())) return pinned;
  // The curve and the hashes are needed for a network that changed, and not for the first screen of one that did not.
  const { followPinned } = await import('./followPinned.ts');
  const { network, successors } = await followPinned(pinned, known, agent);
  if (successors !== undefined) await shelf.write(FOLLOWED, successors);
  return network;
}

/**
 * Returns the network file that this browser pinned, and the successors that it followed; nobody is asked.
 *
 * @param shelf - Values that this browser keeps.
 * @returns The file, undefined before the first visit, and the successors, which are not verified.
 * @throws MedsealError `NETWORK_FILE_INVALID`.
 */
export async function pinnedOn(
  shelf: Pick<Shelf, 'read'>,
): Promise<{ readonly pinned: NetworkFile | undefined; readonly followed: unknown }> {
  const kept = await shelf.read(PINNED);
  const pinned = kept === undefined ? undefined : parseNetworkFile(kept);
  return { pinned, followed: await shelf.read(FOLLOWED) };
}
