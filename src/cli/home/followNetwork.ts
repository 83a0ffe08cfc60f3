import { join } from 'node:path';
import { MedsealError } from '../../errors/MedsealError.ts';
import { writeJsonFile } from '../../folder/jsonFiles.ts';
import { openFolder } from '../../folder/openFolder.ts';
import { createNativePrimitives } from '../../native/nativePrimitives.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import { followSuccessors } from '../../protocol/followSuccessors.ts';
import { seconds } from '../../protocol/Clock.ts';
import { HANDOVER } from '../../protocol/officesOf.ts';
import { systemClock } from '../../folder/systemClock.ts';
import { isSameNetworkFile } from '../../protocol/isSameNetworkFile.ts';
import type { NetworkFile } from '../../protocol/NetworkFile.ts';
import type { Home } from './Home.ts';
import { readFollowed, readIfPinned } from '../readPinnedNetwork.ts';

/**
 * Follows a network's successors from the file that a device has pinned to the one that a node runs by, and keeps them.
 * A device never goes back: what it has followed before must be among them.
 *
 * @param home - The device.
 * @param network - The file that the device went by until now.
 * @param agent - The node; what it says is verified.
 * @returns The file that both go by.
 * @throws MedsealError `NETWORK_FILE_OTHER` if the node runs by a file that does not follow, or is long out of force; `SUCCESSOR_INVALID`.
 */
export async function followNetwork(
  home: Home,
  network: NetworkFile,
  agent: Pick<AgentPort, 'network' | 'successors'>,
): Promise<NetworkFile> {
  const theirs = await agent.network();
  if (isSameNetworkFile(network, theirs)) return network;
  const pinned = await readIfPinned(home);
  if (pinned === undefined) throw new MedsealError('NETWORK_FILE_OTHER', {});
  const primitives = await createNativePrimitives();
  const known = await readFollowed(pinned, join(home.path, 'successors.json'));
  const given = await agent.successors();
  const files = followSuccessors({ primitives }, pinned, given);
  for (const file of known) {
    if (files.some((each) => isSameNetworkFile(each, file))) continue;
    const reason = 'the node lacks one that this device knows, or has another one';
    throw new MedsealError('SUCCESSOR_INVALID', { reason });
  }
  const found = files.find((file) => isSameNetworkFile(file, theirs));
  const next = found && files[files.indexOf(found) + 1];
  const isLate = (next?.before?.at(-1)?.until ?? Infinity) + HANDOVER <= seconds(systemClock);
  if (found === undefined || isLate) throw new MedsealError('NETWORK_FILE_OTHER', {});
  await writeJsonFile(await openFolder(home.path), 'successors.json', given);
  return found;
}
