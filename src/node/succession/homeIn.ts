import { bytesToHex } from '../../crypto/bytes.ts';
import { notePublicKey, parseVerifierKey } from '../../crypto/note/NoteKey.ts';
import { presentNodes } from '../../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { AccountKey } from '../../folder/organisationKeys.ts';
import type { OrganisationHome } from '../NodeFolder.ts';

/** An organisation with the keys of its seats. */
type Seated = Pick<OrganisationHome, 'organisation' | 'keys' | 'authorityKey' | 'later'>;

/**
 * Returns an organisation's home with the keys that a network file names, of its seats and its log: the first ones, or
 * later ones that it made for a successor.
 *
 * @param network - The network file.
 * @param home - The organisation.
 */
export function homeIn<Home extends Seated>(network: NetworkFile, home: Home): Home {
  const { organisation, keys, authorityKey, later } = home;
  const own = presentNodes(network).find((node) => node.organisation === organisation);
  const named = new Set(
    [network.authority.members, ...network.channels.map(({ coordinators }) => coordinators)]
      .flat()
      .filter((member) => member.organisation === organisation)
      .map(({ address }) => address),
  );
  const present = (first: AccountKey, others: readonly AccountKey[]): AccountKey =>
    [first, ...others].find(({ address }) => named.has(address)) ?? first;
  const sender = later.node.senders.find(({ address }) => address === own?.sender);
  const tls = later.node.tls.find((seed) => bytesToHex(notePublicKey(seed)) === own?.tls);
  const logs = network.channels.flatMap((channel) =>
    channel.logs.filter((log) => log.organisation === organisation),
  );
  const noted = new Set(logs.map(({ key }) => bytesToHex(parseVerifierKey(key).publicKey)));
  const note = later.node.notes.find((seed) => noted.has(bytesToHex(notePublicKey(seed))));
  return {
    ...home,
    keys: {
      ...keys,
      coordinator: present(keys.coordinator, later.node.seats),
      ...(sender && { sender }),
      ...(tls && { tls }),
      ...(note && { note }),
    },
    authorityKey: present(authorityKey, later.member.seats),
  };
}
