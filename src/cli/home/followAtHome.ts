import { followNetwork } from '../../client/party/followNetwork.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { writeJsonFile } from '../../folder/jsonFiles.ts';
import { openFolder } from '../../folder/openFolder.ts';
import { systemClock } from '../../folder/systemClock.ts';
import { createNativePrimitives } from '../../native/nativePrimitives.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { followedPath, readFollowed, readIfPinned } from './readPinnedNetwork.ts';
import type { Home } from './Home.ts';

/**
 * Follows a network's successors from the file that a device has pinned to the one that a node runs by, and keeps them.
 *
 * @param home - The device.
 * @param agent - The node; what it says is verified.
 * @returns The file that both go by.
 * @throws MedsealError as `followNetwork` does; `HOME_UNJOINED`.
 */
export async function followAtHome(
  home: Home,
  agent: Pick<AgentPort, 'network' | 'successors'>,
): Promise<NetworkFile> {
  const pinned = await readIfPinned(home);
  if (pinned === undefined) throw new MedsealError('HOME_UNJOINED', { path: home.path });
  const ports = { primitives: await createNativePrimitives(), clock: systemClock };
  const known = await readFollowed(pinned, followedPath(home));
  const { network, successors } = await followNetwork(ports, known, agent);
  if (successors) await writeJsonFile(await openFolder(home.path), 'successors.json', successors);
  return network;
}
