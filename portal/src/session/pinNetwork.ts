import { portablePrimitives } from '../../../src/client/index.ts';
import { MedsealError } from '../../../src/errors/MedsealError.ts';
import type { AgentPort } from '../../../src/protocol/AgentPort.ts';
import { followSuccessors } from '../../../src/protocol/followSuccessors.ts';
import { isSameNetworkFile } from '../../../src/protocol/isSameNetworkFile.ts';
import type { NetworkFile } from '../../../src/protocol/NetworkFile.ts';
import { parseNetworkFile } from '../../../src/protocol/parseNetworkFile.ts';
import type { Shelf } from '../vault/openShelf.ts';

const PINNED = 'network';
const FOLLOWED = 'successors';

/**
 * Pins the network file of an agent at the first visit; later it follows the pinned one by its signed successors.
 *
 * @param shelf - Values that this browser keeps.
 * @param agent - The agent; what it says is verified.
 * @returns The file that both go by.
 * @throws MedsealError `NETWORK_FILE_OTHER` if the agent's file does not follow from the pinned one, or lacks a successor
 * that this browser has seen; `SUCCESSOR_INVALID`, `NETWORK_FILE_INVALID`, `PEER_UNREACHABLE`.
 */
export async function pinNetwork(
  shelf: Shelf,
  agent: Pick<AgentPort, 'network' | 'successors'>,
): Promise<NetworkFile> {
  const kept = await shelf.read(PINNED);
  const theirs = await agent.network();
  if (kept === undefined) {
    await shelf.write(PINNED, theirs);
    return theirs;
  }
  const pinned = parseNetworkFile(kept);
  const context = { primitives: portablePrimitives };
  const known = await shelf.read(FOLLOWED);
  const before = known === undefined ? [pinned] : followSuccessors(context, pinned, known);
  const newest = before.at(-1) ?? pinned;
  if (isSameNetworkFile(newest, theirs)) return newest;
  const given = await agent.successors();
  const files = followSuccessors(context, pinned, given);
  const keepsAll = before.every((file) => files.some((each) => isSameNetworkFile(each, file)));
  const found = files.find((file) => isSameNetworkFile(file, theirs));
  if (!keepsAll || found === undefined) throw new MedsealError('NETWORK_FILE_OTHER', {});
  await shelf.write(FOLLOWED, given);
  return found;
}
