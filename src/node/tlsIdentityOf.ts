import { MedsealError } from '../errors/MedsealError.ts';
import { tlsKeysOf } from '../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import { TlsIdentity } from '../peers/tls/TlsIdentity.ts';
import type { OrganisationHome } from './NodeFolder.ts';

/**
 * Returns the key that an organisation's node speaks TLS with, and the keys of the others.
 *
 * @param network - The network file.
 * @param home - The organisation.
 * @param former - Network files before it: who had a key then may ask for successors.
 * @returns Undefined if the network file pins no keys for TLS.
 * @throws MedsealError `NETWORK_FILE_INVALID` if the network file pins another key than the folder has.
 */
export function tlsIdentityOf(
  network: NetworkFile,
  { organisation, keys: { tls } }: Pick<OrganisationHome, 'organisation' | 'keys'>,
  former: readonly NetworkFile[] = [],
): TlsIdentity | undefined {
  const keys = tlsKeysOf(network);
  if (keys === undefined) return undefined;
  if (tls !== undefined) {
    const before = former.flatMap((file) => [...(tlsKeysOf(file)?.values() ?? [])]);
    return new TlsIdentity(organisation, tls, keys, before);
  }
  const reason = `it names a TLS key of ${organisation}, and this folder has none`;
  throw new MedsealError('NETWORK_FILE_INVALID', { reason });
}
