import { bytesToHex } from '../crypto/bytes.ts';
import { isOwnShare } from '../crypto/threshold/joinDeals.ts';
import { parseScalar } from '../crypto/threshold/scalars.ts';
import type { NodePorts } from '../folder/NodePorts.ts';
import type { Hex, Organisation } from '../protocol/ids.ts';
import type { Channel, NetworkFile } from '../protocol/network/NetworkFile.ts';
import { numberOf } from '../protocol/wire/numberOf.ts';
import { releaseKeysOf } from '../protocol/release/releaseKeyOf.ts';
import { releasesIn } from '../protocol/release/releasesIn.ts';
import type { OwnShares } from '../services/coordinator/CoordinatorOptions.ts';
import type { OrganisationHome } from './NodeFolder.ts';

/** An organisation with its shares on disk. */
type Holder = Pick<OrganisationHome, 'organisation' | 'shares'>;

/**
 * Opens an organisation's shares of its channel's release keys. One that the network file does not name, such as one from before
 * shares were dealt again, is left closed: with it the organisation would release what opens nothing.
 *
 * @param network - The network file.
 * @param channel - The organisation's channel.
 * @param home - The organisation.
 * @param ports - The curve.
 * @returns Undefined if it has no share that the file names.
 * @throws MedsealError `FOLDER_FOREIGN` if the file of one is malformed.
 */
export async function openShares(
  network: NetworkFile,
  channel: Channel,
  { organisation, shares }: Holder,
  { primitives }: Pick<NodePorts, 'primitives'>,
): Promise<OwnShares | undefined> {
  const [log] = channel.logs;
  if (channel.release === undefined || log === undefined) return undefined;
  const secrets = new Map<Hex, Uint8Array>();
  for (const key of releaseKeysOf(network, log.name)) {
    const index = key.indices.get(organisation);
    const publicKey = index === undefined ? undefined : key.members.get(index);
    if (index === undefined || publicKey === undefined) continue;
    const secret = await shares.read(bytesToHex(publicKey));
    if (secret !== undefined && isOwnShare(primitives.group, key, index, parseScalar(secret))) {
      secrets.set(bytesToHex(key.id), secret);
    }
  }
  return secrets.size === 0 ? undefined : secrets;
}

/**
 * Removes an organisation's shares that only network files of before name, or that were dealt for a change that another one took
 * the place of, once those of the file in force are open: whoever takes the folder later gets none with which shares of before
 * could be made up. Nothing is removed while one is missing.
 *
 * @param network - The network file in force, with those before it.
 * @param channel - The organisation's channel.
 * @param home - The organisation.
 * @param opened - Its shares, as `openShares` gave them.
 */
export async function removeFormerShares(
  network: NetworkFile,
  channel: Channel,
  { organisation, shares }: Holder,
  opened: OwnShares | undefined,
): Promise<void> {
  if ((opened?.size ?? 0) < releasesIn(channel).length) return;
  const present = new Set(
    network.channels.flatMap(releasesIn).flatMap(({ shares: all }) => all.map(({ key }) => key)),
  );
  for (const key of formerKeys(network, channel.name, organisation)) {
    if (!present.has(key)) await shares.remove(key);
  }
  const number = numberOf(network);
  await shares.removeDealt(number, present);
  await shares.removeIdentities(number);
}

/** Tells whether an organisation has shares that only network files of before name. */
export async function hasFormerShares(
  network: NetworkFile,
  name: Channel['name'],
  organisation: Organisation,
  hasFile: (key: Hex) => Promise<boolean>,
): Promise<boolean> {
  for (const key of formerKeys(network, name, organisation)) if (await hasFile(key)) return true;
  return false;
}

/** Public keys of an organisation's shares that network files of before name. */
function formerKeys(
  { before = [] }: NetworkFile,
  name: Channel['name'],
  organisation: Organisation,
): ReadonlySet<Hex> {
  const own = before
    .flatMap(({ channels }) => channels.filter((each) => each.name === name))
    .flatMap(releasesIn)
    .flatMap(({ shares }) => shares.filter((share) => share.organisation === organisation));
  return new Set(own.map(({ key }) => key));
}
