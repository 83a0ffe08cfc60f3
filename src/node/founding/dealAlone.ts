import type { NodePorts } from '../../folder/NodePorts.ts';
import type { ReleaseKey, Thresholds } from '../../protocol/NetworkFile.ts';
import type { NodeFolder } from '../NodeFolder.ts';
import { thresholdsOf } from './beginFounding.ts';
import { dealShares } from './dealShares.ts';

/**
 * Has the organisations of one folder deal shares of a new release key to each other, unless their network was founded already.
 * Each keeps its share before anything names the key: if that is cut off, they deal again.
 *
 * @param folder - The folder of all organisations.
 * @param terms - Number of organisations whose coordinators may be faulty, and thresholds.
 * @param ports - Randomness and the curve.
 * @returns The key; undefined if the network was founded already.
 * @throws MedsealError `NETWORK_FILE_INVALID` if the thresholds do not fit the number of organisations.
 */
export async function dealAlone(
  { files, homes }: NodeFolder,
  {
    faulty = 0,
    thresholds,
  }: {
    readonly faulty?: number | undefined;
    readonly thresholds?: Partial<Thresholds> | undefined;
  },
  { random, primitives }: Pick<NodePorts, 'random' | 'primitives'>,
): Promise<ReleaseKey | undefined> {
  for (const name of ['founding.json', 'network.json']) {
    if ((await files.size(name)) !== undefined) return undefined;
  }
  const { views } = thresholdsOf({ organisations: homes.length, faulty }, thresholds);
  const names = homes.map(({ organisation }) => organisation);
  const { release, secrets } = dealShares(primitives.group, names, views, random);
  for (const { organisation, shares } of homes) {
    const own = release.shares.find((share) => share.organisation === organisation);
    const secret = secrets.get(organisation);
    if (own !== undefined && secret !== undefined) await shares.write(own.key, secret);
  }
  return release;
}
