import { followAtHome } from '../../src/cli/home/followAtHome.ts';
import { findHome, nodesOf } from '../../src/cli/home/Home.ts';
import { agentAt, hasNode, isAway } from '../../src/cli/home/Nodes.ts';
import { readPinnedNetwork } from '../../src/cli/home/readPinnedNetwork.ts';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import { machinePorts } from '../../src/folder/NodePorts.ts';
import type { NetworkFile } from '../../src/protocol/network/NetworkFile.ts';
import type { DemoNetwork } from '../parties/DemoNetwork.ts';

/** A network whose nodes run, by the folder that it runs in. */
export interface RunningFolder {
  readonly network: DemoNetwork;
  /** Folder of the devices of its parties. */
  readonly keystore: string;
}

/**
 * Opens a network whose nodes run: its folder has the network file and the addresses of the nodes, as `medseal dev` and
 * `npm run consortium` leave them there, or `medseal join`.
 *
 * @param folder - The folder.
 * @throws MedsealError `HOME_UNJOINED` if the folder has no network; `PEER_UNREACHABLE` or `CLOSED` if none of its nodes
 * answers; `NETWORK_FILE_INVALID`, `FOLDER_EXPOSED`; as `followAtHome` does.
 */
export async function openRunningNetwork(folder: string): Promise<RunningFolder> {
  const home = findHome({ home: folder });
  const known = await readPinnedNetwork({}, home);
  const nodes = await nodesOf(home);
  const agents = new Map(
    organisationsIn(known)
      .filter((name) => hasNode(nodes, name))
      .map((name) => [name, agentAt(nodes, name)]),
  );
  let away: MedsealError | undefined;
  for (const agent of agents.values()) {
    try {
      const file = await followAtHome(home, agent);
      return { network: { file, ports: await machinePorts(), agents }, keystore: home.keystore };
    } catch (error) {
      if (!isAway(error)) throw error;
      away ??= error;
    }
  }
  throw away ?? new MedsealError('HOME_UNJOINED', { path: home.path });
}

/** Organisations that judge requests of the first channel, in the order of the file. */
function organisationsIn({ channels: [channel] }: NetworkFile): readonly string[] {
  return [...new Set(channel?.coordinators.map(({ organisation }) => organisation))];
}
