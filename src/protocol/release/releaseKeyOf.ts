import { hexToBytes } from '../../crypto/bytes.ts';
import { thresholdKeyId, type ThresholdKey } from '../../crypto/threshold/thresholdKey.ts';
import type { LogName, Organisation } from '../ids.ts';
import type { NetworkFile, ReleaseMember } from '../NetworkFile.ts';
import { logOf } from '../networkLookups.ts';

/** The release key of a channel, as it is computed with. */
export interface ChannelKey extends ThresholdKey {
  /** Its id, 32 bytes. */
  readonly id: Uint8Array;
  readonly channel: string;
  /** Index of each organisation's share. */
  readonly indices: ReadonlyMap<Organisation, number>;
}

/** Found once for each network file. */
const found = new WeakMap<NetworkFile, Map<string, ChannelKey>>();

/**
 * Returns the release key of the channel that a log is of.
 *
 * @param network - The network file.
 * @param log - The log's name.
 * @returns Undefined if the channel's records are not guarded.
 * @throws MedsealError `NOT_FOUND` if the network file names no such log.
 */
export function releaseKeyOf(network: NetworkFile, log: LogName): ChannelKey | undefined {
  const { channel } = logOf(network, log);
  if (channel.release === undefined) return undefined;
  const keys = found.get(network) ?? new Map<string, ChannelKey>();
  found.set(network, keys);
  const known = keys.get(channel.name);
  if (known !== undefined) return known;
  const { publicKey: hex, shares, threshold } = channel.release;
  const publicKey = hexToBytes(hex);
  const byIndex = (read: (share: ReleaseMember) => Uint8Array): Map<number, Uint8Array> =>
    new Map(shares.map((share) => [share.index, read(share)]));
  const key = {
    id: thresholdKeyId(
      { networkId: hexToBytes(network.networkId), channel: channel.name },
      publicKey,
    ),
    channel: channel.name,
    publicKey,
    threshold,
    members: byIndex((share) => hexToBytes(share.key)),
    indices: new Map(shares.map(({ organisation, index }) => [organisation, index])),
  };
  keys.set(channel.name, key);
  return key;
}
