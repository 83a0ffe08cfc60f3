import { hexToBytes } from '../../crypto/bytes.ts';
import { recordIdentity } from '../../crypto/threshold/recordIdentity.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import type { Write } from '../struct/requests.ts';
import type { ChannelKey } from './releaseKeyOf.ts';

/**
 * Returns the identity of a record version under a release key: what its sealed file is bound to, and coordinators release for.
 *
 * @param network - The network file.
 * @param key - The channel's key.
 * @param version - Patient, record and version.
 */
export function versionIdentity(
  { networkId }: Pick<NetworkFile, 'networkId'>,
  key: ChannelKey,
  { handle, record, version }: Pick<Write, 'handle' | 'record' | 'version'>,
): Uint8Array {
  return recordIdentity({
    networkId: hexToBytes(networkId),
    channel: key.channel,
    keyId: key.id,
    handle: hexToBytes(handle),
    record: hexToBytes(record),
    version,
  });
}
