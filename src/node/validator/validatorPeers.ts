import type { Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { presentNodes } from '../../protocol/network/networkLookups.ts';

/**
 * Returns the other organisations' validators' nodes that an organisation's validator talks with, as `id@host:port`:
 * those that the network file in force names, and those that one to come names, so that who joins has caught up by then.
 *
 * @param files - The network file in force, and those to come, oldest first.
 * @param organisation - The organisation.
 */
export function validatorPeers(
  files: readonly NetworkFile[],
  organisation: Organisation,
): readonly string[] {
  const addresses = new Map<string, string>();
  for (const { organisation: name, validator } of files.flatMap(presentNodes)) {
    if (validator === undefined || name === organisation || addresses.has(validator.node)) continue;
    addresses.set(validator.node, validator.address);
  }
  return [...addresses].map(([node, address]) => `${node}@${address}`);
}
