import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { thresholdKeyId, type ThresholdKey } from '../../crypto/threshold/thresholdKey.ts';
import type { Bytes32, LogName, Organisation } from '../ids.ts';
import type { NetworkFile, ReleaseKey } from '../network/NetworkFile.ts';
import { logOf } from '../network/networkLookups.ts';
import { releasesIn } from './releasesIn.ts';

/** The release key of a channel, as it is computed with. */
export interface ChannelKey extends ThresholdKey {
  /** Its id, 32 bytes. */
  readonly id: Uint8Array;
  readonly channel: string;
  /** Index of each organisation's share. */
  readonly indices: ReadonlyMap<Organisation, number>;
}

/** Found once for each network file. */
const found = new WeakMap<NetworkFile, Map<string, readonly ChannelKey[]>>();

/**
 * Returns a release key of the channel that a log is of.
 *
 * @param network - The network file.
 * @param log - The log's name.
 * @param id - Its id; the key under which records are sealed now if absent.
 * @returns Undefined if the channel has no such key.
 * @throws MedsealError `NOT_FOUND` if the network file names no such log.
 */
export function releaseKeyOf(
  network: NetworkFile,
  log: LogName,
  id?: Bytes32,
): ChannelKey | undefined {
  const keys = releaseKeysOf(network, log);
  return id === undefined ? keys[0] : keys.find((key) => bytesToHex(key.id) === id);
}

/**
 * Returns all release keys of the channel that a log is of: the present one, then those of before, under which older records
 * are sealed.
 *
 * @param network - The network file.
 * @param log - The log's name.
 * @throws MedsealError `NOT_FOUND` if the network file names no such log.
 */
export function releaseKeysOf(network: NetworkFile, log: LogName): readonly ChannelKey[] {
  const { channel } = logOf(network, log);
  if (channel.release === undefined) return [];
  const keys = found.get(network) ?? new Map<string, readonly ChannelKey[]>();
  found.set(network, keys);
  const known = keys.get(channel.name);
  if (known !== undefined) return known;
  const all = releasesIn(channel).map((release) => channelKey(network, channel.name, release));
  keys.set(channel.name, all);
  return all;
}

function channelKey(
  { networkId }: NetworkFile,
  channel: string,
  { publicKey: hex, shares, threshold }: ReleaseKey,
): ChannelKey {
  const publicKey = hexToBytes(hex);
  return {
    id: thresholdKeyId({ networkId: hexToBytes(networkId), channel }, publicKey),
    channel,
    publicKey,
    threshold,
    members: new Map(shares.map(({ index, key }) => [index, hexToBytes(key)])),
    indices: new Map(shares.map(({ organisation, index }) => [organisation, index])),
  };
}
