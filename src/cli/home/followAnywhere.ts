import type { Organisation } from '../../protocol/ids.ts';
import { isSameNetworkFile } from '../../protocol/network/isSameNetworkFile.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { followAtHome } from './followAtHome.ts';
import type { Home } from './Home.ts';
import { askedFirst, hasNode, isNotThere, promptAgentAt, type Nodes } from './Nodes.ts';

/** A device that follows the successors of its network file. */
export interface FollowingDevice {
  readonly home: Home;
  /** The network file in force, as it knows it. */
  readonly known: NetworkFile;
  /** Addresses of nodes. */
  readonly nodes: Nodes;
}

/**
 * Follows the network's successors at the first node that goes by a newer file than the device knows, and keeps them. One that
 * left the network can still answer by the former file, so that it is not the only one to be asked. Only nodes of
 * organisations in the known file are asked, and what one says is verified.
 *
 * @param at - The device, the network file in force as it knows it, and the addresses of nodes.
 * @param first - The organisation whose node decides if the known file has it and it answers: that which is called then.
 * @returns The file that both go by; the known one if no node has a newer one, or none answers.
 * @throws MedsealError as `followAtHome` does: a node that answers wrongly is no reason to ask another one.
 */
export async function followAnywhere(
  { home, known, nodes }: FollowingDevice,
  first?: Organisation,
): Promise<NetworkFile> {
  const members = known.authority.members.map(({ organisation }) => organisation);
  for (const organisation of askedFirst(first, members)) {
    if (!hasNode(nodes, organisation)) continue;
    try {
      const network = await followAtHome(home, promptAgentAt(nodes, organisation));
      if (organisation === first || !isSameNetworkFile(network, known)) return network;
    } catch (error) {
      if (!isNotThere(error)) throw error;
    }
  }
  return known;
}
