import { readFile } from 'node:fs/promises';
import { machinePorts } from '../../src/folder/NodePorts.ts';
import { readAuthorityKeys } from '../../src/node/founding/readAuthorityKeys.ts';
import { parseNetworkFile } from '../../src/protocol/network/parseNetworkFile.ts';
import type { LoadedNode } from './LoadedNode.ts';
import { MixedLoad, type MixedLoadOptions } from './MixedLoad.ts';

/**
 * Brings people to a node that runs, each of whom has done everything once.
 *
 * @param node - The node, with its network and the keys of its authority in its folder.
 * @param options - Dice, and who notes what is promised.
 */
export async function beginLoad(
  node: LoadedNode,
  options: Pick<MixedLoadOptions, 'dice' | 'promised'>,
): Promise<MixedLoad> {
  const ports = await machinePorts();
  const network = parseNetworkFile(JSON.parse(await readFile(`${node.data}/network.json`, 'utf8')));
  // In an order of its own, so that the same seed does the same.
  const authority = (await readAuthorityKeys(`${node.data}/authority`, ports.primitives)).toSorted(
    (left, right) => (left.address < right.address ? -1 : 1),
  );
  const url = (): string => node.doors.agents;
  const load = await MixedLoad.begin({ ...options, network, ports, authority, url });
  await load.tour();
  return load;
}
