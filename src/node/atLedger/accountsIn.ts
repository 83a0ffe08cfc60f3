import type { Address, Organisation } from '../../protocol/ids.ts';
import { presentNodes } from '../../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';

/**
 * Returns the accounts that a network file names for an organisation.
 *
 * @param network - The network file.
 * @param name - The organisation.
 */
export function accountsIn(network: NetworkFile, name: Organisation): readonly Address[] {
  const own = presentNodes(network).filter(({ organisation }) => organisation === name);
  return own.map(({ sender }) => sender);
}
