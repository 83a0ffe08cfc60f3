import { copyFile, readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findHome, writeHomeSettings } from '../../src/cli/home/Home.ts';
import { nodesAt } from '../../src/cli/home/Nodes.ts';
import { parseNetworkFile } from '../../src/protocol/network/parseNetworkFile.ts';
import type { TrialOrganisation } from './foundConsortium.ts';
import type { OrganisationReady } from './startOrganisation.ts';

/**
 * Pins the network file of a trial network in its folder, which is a device then, as that of `medseal dev` is: commands take it
 * with `--home`, and `medseal scenario` with `--network`.
 *
 * @param folder - The folder.
 * @param founders - The organisations that founded the network.
 * @returns True if it is a demonstration.
 */
export async function pinNetwork(
  folder: string,
  founders: readonly TrialOrganisation[],
): Promise<boolean> {
  const pinned = join(folder, 'network.json');
  const [founder] = founders;
  if (founder !== undefined && !existsSync(pinned)) {
    await copyFile(join(founder.data, 'network.json'), pinned);
  }
  return parseNetworkFile(JSON.parse(await readFile(pinned, 'utf8'))).demo;
}

/**
 * Writes the addresses of a trial network's nodes into its folder.
 *
 * @param folder - The folder.
 * @param organisations - Those that run.
 */
export async function writeHome(
  folder: string,
  organisations: readonly Pick<OrganisationReady, 'organisation' | 'urls'>[],
): Promise<void> {
  const [first] = organisations;
  if (first === undefined) return;
  const own = organisations.map(({ organisation, urls }) => `${organisation}=${urls.agents}`);
  await writeHomeSettings(findHome({ home: folder }), nodesAt([first.urls.agents, ...own]));
}
