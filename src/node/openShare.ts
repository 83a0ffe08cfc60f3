import { isOwnShare } from '../crypto/threshold/joinDeals.ts';
import { loadNoblePairing } from '../crypto/threshold/loadNoblePairing.ts';
import { parseScalar } from '../crypto/threshold/scalars.ts';
import type { NodePorts } from '../folder/NodePorts.ts';
import type { Channel, NetworkFile } from '../protocol/NetworkFile.ts';
import { releaseKeyOf } from '../protocol/release/releaseKeyOf.ts';
import type { OwnShare } from '../services/coordinator/CoordinatorOptions.ts';
import type { OrganisationHome } from './NodeFolder.ts';

/**
 * Opens an organisation's share of its channel's release key. One that the network file does not name, such as one from before
 * shares were dealt again, is left closed: with it the organisation would release what opens nothing.
 *
 * @param network - The network file.
 * @param channel - The organisation's channel.
 * @param home - The organisation.
 * @param ports - Arithmetic.
 * @returns Undefined if it has no share, or another one.
 */
export async function openShare(
  network: NetworkFile,
  channel: Channel,
  { organisation, share }: Pick<OrganisationHome, 'organisation' | 'share'>,
  { loadPairing = loadNoblePairing }: Pick<NodePorts, 'loadPairing'>,
): Promise<OwnShare | undefined> {
  if (channel.release === undefined) return undefined;
  const secret = await share.read();
  const log = channel.logs.find((each) => each.organisation === organisation)?.name;
  if (secret === undefined || log === undefined) return undefined;
  const key = releaseKeyOf(network, log);
  const index = key?.indices.get(organisation);
  if (key === undefined || index === undefined) return undefined;
  const pairing = await loadPairing();
  const isOurs = isOwnShare(pairing, key, index, parseScalar(secret));
  return isOurs ? { secret, pairing } : undefined;
}
