import { MedsealError } from '../../errors/MedsealError.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/NetworkFile.ts';
import { parseNetworkFile } from '../../protocol/parseNetworkFile.ts';
import { requireNotAhead } from '../../protocol/requireNotAhead.ts';
import type { Files } from '../../folder/Files.ts';
import { openFolder } from '../../folder/openFolder.ts';
import { beginFounding } from './beginFounding.ts';
import { parseFounding, type FoundingTerms } from '../../folder/Founding.ts';
import { onlyHome, readIdentities, type IdentityFile } from './identityFiles.ts';
import { readJsonFile, writeJsonFile } from '../../folder/jsonFiles.ts';
import type { NodeFolder } from '../NodeFolder.ts';
import { openFoundersLedger } from '../nodeLedger.ts';
import type { NodePorts } from '../../folder/NodePorts.ts';
import { readNetwork, requireKeysOf } from './readNetwork.ts';
import { requireDerived } from './requireDerived.ts';

/**
 * A network of organisations that each keep their keys to themselves is founded by files that they exchange: each gives
 * its identity file to the founder, and the founder gives the network file, with all identity files, back to each. Each
 * derives the network file itself from the identity files, and compares its fingerprint with the others, out of band:
 * neither the founder nor the carrier of the files is trusted.
 */

/** `nodes.json` of a folder: addresses of the organisations' nodes, as each gave its own. */
const NODES = 'nodes.json';

/**
 * Founds the network of all organisations whose identity files are in a folder, and puts the network file there. Safe
 * to repeat; a network that was founded stays as it is.
 *
 * @param folder - The founder's folder, of one organisation.
 * @param exchange - The folder with the identity files.
 * @param ports - Clock, randomness, curve.
 * @param terms - Thresholds, and the confirmation to ask for first.
 * @throws MedsealError `CEREMONY_INVALID` if a file is malformed, names the key of another, or comes too late.
 */
export async function foundFromFiles(
  folder: NodeFolder,
  exchange: string,
  ports: NodePorts,
  { agree, ...numbers }: FoundingTerms = {},
): Promise<NetworkFile> {
  const files = await openFolder(exchange);
  const founder = onlyHome(folder).organisation;
  const identities = await readIdentities(files, folder);
  const own = identities.filter(({ organisation }) => organisation === founder);
  const all = [...own, ...identities.filter((each) => !own.includes(each))];
  await beginFounding(
    folder.files,
    {
      demo: folder.demo,
      organisations: all.map(({ organisation }) => organisation),
      identities: all,
      ...numbers,
    },
    ports,
    agree,
  );
  const founding = parseFounding(
    await readJsonFile(folder.files, 'founding.json'),
    folder.files.path,
  );
  const ledger = await openFoundersLedger(folder, founding, ports);
  try {
    const network = await readNetwork(folder, founding, ledger, ports);
    requireDerived(network, identities, ports.primitives);
    await writeNodes(folder, identities);
    await writeJsonFile(files, 'network.json', network);
    return network;
  } finally {
    await ledger.close();
  }
}

/**
 * Takes the network file from a folder, for a node that did not found the network.
 *
 * @param folder - The node's folder, of one organisation.
 * @param exchange - The folder with the network file and all identity files.
 * @param ports - Clock and hashes.
 * @param agree - Called with the network before it is taken for the first time; it throws to prevent that.
 * @throws MedsealError `CEREMONY_INVALID` if the network file is not there, or does not follow from the identity
 * files; `NETWORK_FILE_INVALID`; `NETWORK_FILE_OTHER` if the node belongs to another network already;
 * `LEDGER_AHEAD` if the ledger begins in the future.
 */
export async function joinFromFiles(
  folder: NodeFolder,
  exchange: string,
  { clock, primitives }: Pick<NodePorts, 'clock' | 'primitives'>,
  agree?: (network: NetworkFile) => Promise<void>,
): Promise<NetworkFile> {
  const files = await openFolder(exchange);
  const home = onlyHome(folder);
  const value = await readJsonFile(files, 'network.json');
  if (value === undefined) throw invalid('it is not there yet');
  const network = parseNetworkFile(value);
  requireKeysOf(network, home);
  const identities = await readIdentities(files, folder);
  requireDerived(network, identities, primitives);
  const known = await readJsonFile(folder.files, 'network.json');
  if (known !== undefined && JSON.stringify(known) !== JSON.stringify(network)) {
    throw new MedsealError('NETWORK_FILE_OTHER', {});
  }
  if (known === undefined) {
    if (network.founders?.[0]?.organisation === home.organisation) {
      throw invalid('it says that this node founded the network');
    }
    requireNotAhead(network.ledger.timestamp ?? 0, clock);
    await agree?.(network);
  }
  await writeNodes(folder, identities);
  if (known === undefined) await writeJsonFile(folder.files, 'network.json', network);
  return network;
}

/**
 * Reads the addresses of the organisations' nodes, as each gave its own when the network was founded.
 *
 * @param files - A node's folder.
 * @returns Empty if the network was not founded by files.
 */
export async function readNodes(files: Files): Promise<ReadonlyMap<Organisation, string>> {
  const { urls } = ((await readJsonFile(files, NODES)) ?? {}) as { urls?: Record<string, string> };
  return new Map(Object.entries(urls ?? {}));
}

async function writeNodes(folder: NodeFolder, identities: readonly IdentityFile[]): Promise<void> {
  const urls = Object.fromEntries(identities.map(({ organisation, url }) => [organisation, url]));
  await writeJsonFile(folder.files, NODES, { format: 'medseal-nodes/1', urls });
}

function invalid(reason: string): MedsealError {
  return new MedsealError('CEREMONY_INVALID', { file: 'network.json', reason });
}
