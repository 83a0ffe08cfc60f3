import { readFile } from 'node:fs/promises';
import { machinePorts } from '../../src/folder/NodePorts.ts';
import { readAuthorityKeys } from '../../src/node/founding/readAuthorityKeys.ts';
import { parseNetworkFile } from '../../src/protocol/network/parseNetworkFile.ts';
import { ORGANISATIONS, type LoadedNode } from './LoadedNode.ts';
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
  const { data } = node;
  return await loadOn(
    { data, authority: [data] },
    {
      ...options,
      organisations: ORGANISATIONS,
      url: (organisation) => `${node.doors.agents}/${organisation}`,
    },
  );
}

/**
 * Brings people to nodes that run, each of whom has done everything once.
 *
 * @param folders.data - A folder with the network file.
 * @param folders.authority - Folders with the keys of the authority's members.
 * @param options - Organisations with their addresses, dice, and who notes what is promised.
 */
export async function loadOn(
  { data, authority }: { readonly data: string; readonly authority: readonly string[] },
  options: Omit<MixedLoadOptions, 'network' | 'ports' | 'authority'>,
): Promise<MixedLoad> {
  const ports = await machinePorts();
  const network = parseNetworkFile(JSON.parse(await readFile(`${data}/network.json`, 'utf8')));
  const found = await Promise.all(
    authority.map(async (each) => await readAuthorityKeys(`${each}/authority`, ports.primitives)),
  );
  // In an order of its own, so that the same seed does the same.
  const members = found.flat().toSorted((left, right) => (left.address < right.address ? -1 : 1));
  const load = await MixedLoad.begin({ ...options, network, ports, authority: members });
  await load.tour();
  return load;
}
