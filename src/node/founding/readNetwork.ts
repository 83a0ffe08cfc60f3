import { bytesToHex } from '../../crypto/bytes.ts';
import { parseVerifierKey } from '../../crypto/note/NoteKey.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { EmbeddedLedger } from '../../ledger/openEmbeddedLedger.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { presentNodes } from '../../protocol/network/networkLookups.ts';
import { seconds } from '../../protocol/Clock.ts';
import { parseNetworkFile } from '../../protocol/network/parseNetworkFile.ts';
import { foundNetwork } from './foundNetwork.ts';
import type { Founding } from '../../folder/Founding.ts';
import { readJsonFile, writeJsonFile } from '../../folder/jsonFiles.ts';
import { loopback } from '../../peers/loopback.ts';
import { homeIn } from '../succession/homeIn.ts';
import { requireMember } from '../succession/requireMember.ts';
import { openSuccession } from '../succession/openSuccession.ts';
import type { NodeFolder, OrganisationHome } from '../NodeFolder.ts';
import { sendersOf, type FoundersLedger } from '../nodeLedger.ts';
import type { NodePorts } from '../../folder/NodePorts.ts';
import { identityOf } from '../../folder/OrganisationIdentity.ts';

/**
 * Reads the network file of a folder. A founder's is written here, once the contracts are on its ledger.
 *
 * @param folder - The folder.
 * @param founding - The founding, if the folder is the founder's.
 * @param own - The ledger in it, if there is one.
 * @param ports - Clock, curve and hashes.
 * @throws MedsealError `NETWORK_ABSENT` if the network is founded elsewhere and not known yet; `NETWORK_LEFT` if the
 * organisation is in it no more; `LEDGER_OTHER`, `NETWORK_FILE_INVALID` if it does not belong to this ledger, or to these keys.
 */
export async function readNetwork(
  folder: NodeFolder,
  founding: Founding | undefined,
  own: Pick<FoundersLedger, 'ledger'> | undefined,
  ports: NodePorts,
): Promise<NetworkFile> {
  const { files, homes } = folder;
  const written = await readJsonFile(files, 'network.json');
  let network = written === undefined ? undefined : parseNetworkFile(written);
  if (founding !== undefined && own !== undefined) {
    const { ledger } = own;
    network ??= await founded(folder, founding, ledger, ports);
    const { genesis, chainId } = network.ledger;
    const same = genesis === ledger.genesisHash && chainId === ledger.chainId;
    if (!same || network.networkId !== founding.networkId) {
      throw new MedsealError('LEDGER_OTHER', {});
    }
  }
  if (network === undefined) throw new MedsealError('NETWORK_ABSENT', { path: files.path });
  const succession = await openSuccession(files, network, ports);
  const present = succession.inForce(seconds(ports.clock));
  // After a fork nothing newer counts.
  const until = succession.fork === undefined ? Infinity : succession.files.indexOf(present) + 1;
  for (const home of homes) {
    requireMember(succession.files.slice(0, until), home.organisation, seconds(ports.clock));
    requireKeysOf(present, homeIn(present, home));
  }
  if (written === undefined) await writeJsonFile(files, 'network.json', network);
  return network;
}

async function founded(
  folder: NodeFolder,
  founding: Founding,
  ledger: EmbeddedLedger,
  ports: NodePorts,
): Promise<NetworkFile> {
  const identities = new Map(founding.others?.map((each) => [each.organisation, each]));
  for (const { organisation, keys, authorityKey } of folder.homes) {
    identities.set(
      organisation,
      identityOf(organisation, keys, authorityKey, founding.tls === true),
    );
  }
  const [founder] = sendersOf(folder, loopback(ledger, {}), founding.chainId, ports).values();
  const all = founding.organisations.flatMap((name) => identities.get(name) ?? []);
  if (founder === undefined || all.length < founding.organisations.length) {
    const what = 'founding.json names organisations that folder.json does not name';
    throw new MedsealError('FOLDER_FOREIGN', { path: folder.files.path, what });
  }
  return await foundNetwork(founding, all, ledger, founder, ports.primitives);
}

/**
 * Refuses a network file that names other keys than an organisation has.
 *
 * @param network - The network file.
 * @param home - The organisation.
 * @throws MedsealError `NETWORK_FILE_INVALID`.
 */
export function requireKeysOf(
  network: NetworkFile,
  home: Pick<OrganisationHome, 'organisation' | 'keys' | 'authorityKey'>,
): void {
  const { organisation, keys, authorityKey } = home;
  const own = identityOf(organisation, keys, authorityKey, true);
  const ours = <Named extends { readonly organisation: Organisation }>(
    named: readonly Named[],
  ): Named | undefined => named.find((each) => each.organisation === organisation);
  const channels = network.channels.filter(
    ({ coordinators, logs }) => ours(coordinators) !== undefined || ours(logs) !== undefined,
  );
  const fits =
    channels.length > 0 &&
    channels.every(({ coordinators, logs }) => {
      const log = ours(logs);
      return (
        ours(coordinators)?.address === own.coordinator &&
        log !== undefined &&
        bytesToHex(parseVerifierKey(log.key).publicKey) === own.log
      );
    }) &&
    ours(network.authority.members)?.address === own.authority &&
    // An older file does not name accounts.
    (network.founders === undefined || ours(presentNodes(network))?.sender === own.sender) &&
    [undefined, own.tls].includes(ours(presentNodes(network))?.tls);
  if (fits) return;
  const reason = `it names other keys of ${organisation} than this folder has`;
  throw new MedsealError('NETWORK_FILE_INVALID', { reason });
}
