import type { NodePorts } from '../../folder/NodePorts.ts';
import type { ReleaseKey } from '../../protocol/network/NetworkFile.ts';
import type { NodeFolder } from '../NodeFolder.ts';
import { dealShares } from './dealShares.ts';

/**
 * Has the organisations of one folder deal shares of a new release key to each other. Each keeps its share before anything names
 * the key: if that is cut off, they deal again.
 *
 * @param folder - The folder of all organisations.
 * @param threshold - Number of organisations whose shares open.
 * @param ports - Randomness and the curve.
 */
export async function dealAlone(
  { homes }: Pick<NodeFolder, 'homes'>,
  threshold: number,
  { random, primitives }: Pick<NodePorts, 'random' | 'primitives'>,
): Promise<ReleaseKey> {
  const names = homes.map(({ organisation }) => organisation);
  const { release, secrets } = dealShares(primitives.group, names, threshold, random);
  for (const { organisation, shares } of homes) {
    const own = release.shares.find((share) => share.organisation === organisation);
    const secret = secrets.get(organisation);
    if (own !== undefined && secret !== undefined) await shares.write(own.key, secret);
  }
  return release;
}
