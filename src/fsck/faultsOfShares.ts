import { join } from 'node:path';
import type { KeyGuard } from '../folder/keyGuard.ts';
import type { NodePorts } from '../folder/NodePorts.ts';
import { openSharedFolder } from '../folder/openFolder.ts';
import { shareFiles, shareName } from '../folder/shareFiles.ts';
import { hasFormerShares, openShares } from '../node/openShares.ts';
import type { Organisation } from '../protocol/ids.ts';
import type { Channel, NetworkFile } from '../protocol/network/NetworkFile.ts';
import { releasesIn, withReleases } from '../protocol/release/releasesIn.ts';

/** The folder, and how its secrets are read. */
export interface ShareExamination {
  readonly data: string;
  readonly ports: Pick<NodePorts, 'primitives'>;
  /** Undefined if nobody can open the secrets: then only what is there counts. */
  readonly guard: KeyGuard | undefined;
}

/**
 * Examines an organisation's shares of its channel's release keys: a node without them runs, and releases nothing.
 *
 * @param examination - The folder.
 * @param network - The network file in force, or to come.
 * @param organisation - The organisation.
 * @returns The path of each file that is not as the network file names it, with its fault.
 */
export async function faultsOfShares(
  { data, ports, guard }: ShareExamination,
  network: NetworkFile,
  organisation: Organisation,
): Promise<readonly (readonly [path: string, what: string])[]> {
  const folder = `node/${organisation}`;
  const files = await openSharedFolder(join(data, folder));
  const isThere = async (name: string): Promise<boolean> => (await files.size(name)) !== undefined;
  const faults: (readonly [string, string])[] = [];
  for (const channel of network.channels) {
    for (const release of releasesIn(channel)) {
      const own = release.shares.find((share) => share.organisation === organisation);
      if (own === undefined) continue;
      const path = `${folder}/${shareName(own.key)}`;
      if (await isThere(shareName(own.key))) {
        if (await isSound(withReleases(channel, [release]))) continue;
        faults.push([path, 'it was altered']);
        continue;
      }
      const isOld = await hasFormerShares(network, channel.name, organisation, async (key) => {
        return await isThere(shareName(key));
      });
      faults.push([
        path,
        isOld
          ? 'it is lost, and what is here is from before the shares were dealt again: it releases nothing'
          : 'it is lost',
      ]);
    }
  }
  return faults;

  /** Tells whether the share of a channel's one release key is what its name says. */
  async function isSound(channel: Channel): Promise<boolean> {
    if (guard === undefined) return true;
    const home = { organisation, shares: shareFiles(files, guard) };
    const alone = { ...network, channels: [channel] };
    return (await openShares(alone, channel, home, ports).catch(() => undefined)) !== undefined;
  }
}
