import type { NodePorts } from '../../folder/NodePorts.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { NodeFolder } from '../NodeFolder.ts';
import { readSuccession } from '../succession/readSuccession.ts';
import { requireMember } from '../succession/requireMember.ts';

/**
 * Requires the network file in force to name the organisations of a folder, if the folder has one.
 *
 * @param folder - The folder.
 * @param ports - Clock, hashes and the curve.
 * @throws MedsealError as `requireMember` and `readSuccession` do.
 */
export async function requireNamed(
  { files, homes }: Pick<NodeFolder, 'files' | 'homes'>,
  ports: Pick<NodePorts, 'clock' | 'primitives'>,
): Promise<void> {
  const known = await readSuccession(files, ports);
  if (known === undefined) return;
  for (const { organisation } of homes) {
    requireMember(known.files, organisation, seconds(ports.clock));
  }
}
