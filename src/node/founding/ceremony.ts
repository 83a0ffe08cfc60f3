import { MedsealError } from '../../errors/MedsealError.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/NetworkFile.ts';
import { parseNetworkFile } from '../../protocol/parseNetworkFile.ts';
import { requireNotAhead } from '../../protocol/requireNotAhead.ts';
import type { Files } from '../../folder/Files.ts';
import { openSharedFolder } from '../../folder/openFolder.ts';
import { beginFounding } from './beginFounding.ts';
import {
  keepsLedger,
  parseFounding,
  type Founding,
  type FoundingTerms,
} from '../../folder/Founding.ts';
import type { Engine } from '../validator/openEngine.ts';
import { engineTermsOf } from '../validator/engineTermsOf.ts';
import { validatorHome } from '../validator/validatorHome.ts';
import { networkFileOf } from './foundNetwork.ts';
import { onlyHome, readIdentities, type IdentityFile } from './identityFiles.ts';
import { readJsonFile, writeJsonFile } from '../../folder/jsonFiles.ts';
import { ledgerOn, requireApartFrom } from './ledgerHost.ts';
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

/** Options that an operator gives beside the exchanged files. */
interface GivenOptions {
  /** The engine, if the organisations' validators are to hold the ledger. */
  readonly engine?: Engine | undefined;
  /** The network whose ledger it uses, if it is a further channel there: its file, which the operator trusts. */
  readonly on?: NetworkFile | undefined;
}

/** `nodes.json` of a folder: addresses of the organisations' nodes, as each gave its own. */
const NODES = 'nodes.json';

/**
 * Founds the network of all organisations whose identity files are in a folder, and puts the network file there. Safe
 * to repeat; a network that was founded stays as it is.
 *
 * @param folder - The founder's folder, of one organisation.
 * @param exchange - The folder with the identity files.
 * @param ports - Clock, randomness, curve.
 * @param terms - Thresholds, the confirmation to ask for first, the engine of the organisations' validators, and the
 * network whose ledger it is to use.
 * @throws MedsealError `CEREMONY_INVALID` if a file is malformed, names the key of another, or comes too late;
 * `ENGINE_FAILED`.
 */
export async function foundFromFiles(
  folder: NodeFolder,
  exchange: string,
  ports: NodePorts,
  { agree, engine, on, ...terms }: FoundingTerms & GivenOptions = {},
): Promise<NetworkFile> {
  const files = await openSharedFolder(exchange);
  const founder = onlyHome(folder).organisation;
  const identities = await readIdentities(files, folder);
  const own = identities.filter(({ organisation }) => organisation === founder);
  const all = [...own, ...identities.filter((each) => !own.includes(each))];
  const ledger = on && ledgerOn(ports.primitives, on);
  if (on !== undefined) requireApartFrom(on, identities, terms.channel ?? '');
  await beginFounding(
    folder.files,
    {
      demo: folder.demo,
      organisations: all.map(({ organisation }) => organisation),
      identities: all,
      ledger,
      ...terms,
    },
    ports,
    agree,
  );
  const founding = parseFounding(
    await readJsonFile(folder.files, 'founding.json'),
    folder.files.path,
  );
  const network = keepsLedger(founding)
    ? await foundOnOwnLedger(folder, founding, ports)
    : await foundElsewhere(folder, founding, { all, engine, ports });
  const chain = await chainOf(network, folder, { engine, primitives: ports.primitives });
  requireDerived(network, identities, ports.primitives, { chain, ...(ledger && { ledger }) });
  await writeNodes(folder.files, identities);
  await writeJsonFile(files, 'network.json', network);
  return network;
}

async function foundOnOwnLedger(
  folder: NodeFolder,
  founding: Founding,
  ports: NodePorts,
): Promise<NetworkFile> {
  const ledger = await openFoundersLedger(folder, founding, ports);
  try {
    return await readNetwork(folder, founding, ledger, ports);
  } finally {
    await ledger.close();
  }
}

/**
 * The ledger begins once the validators run, or is that of another network, which has yet to admit the accounts: the
 * founder's node creates the contracts then.
 */
async function foundElsewhere(
  folder: NodeFolder,
  founding: Founding,
  {
    all,
    engine,
    ports,
  }: { readonly all: readonly IdentityFile[]; readonly ports: NodePorts } & GivenOptions,
): Promise<NetworkFile> {
  if ((await folder.files.size('network.json')) !== undefined) {
    return await readNetwork(folder, founding, undefined, ports);
  }
  const { primitives } = ports;
  const unnamed = networkFileOf(founding, all, primitives);
  const chain = await chainOf(unnamed, folder, { engine, primitives });
  const network = parseNetworkFile(networkFileOf(founding, all, primitives, chain));
  requireKeysOf(network, onlyHome(folder));
  await writeJsonFile(folder.files, 'network.json', network);
  return network;
}

/** Makes the first state of the organisations' validators; undefined if the ledger is at one organisation. */
async function chainOf(
  network: NetworkFile,
  { files }: NodeFolder,
  { engine, primitives }: GivenOptions & Pick<NodePorts, 'primitives'>,
): Promise<string | undefined> {
  const { chain, of } = network.ledger;
  if (chain === undefined || of !== undefined) return undefined;
  if (engine === undefined) {
    const reason = 'it is needed to derive the first state of the ledger';
    throw new MedsealError('ENGINE_FAILED', { program: 'none named', reason });
  }
  return await engine.found(validatorHome(files), engineTermsOf(network, primitives));
}

/**
 * Takes the network file from a folder, for a node that did not found the network.
 *
 * @param folder - The node's folder, of one organisation.
 * @param exchange - The folder with the network file and all identity files.
 * @param ports - Clock and hashes.
 * @param options - `agree` is called with the network before it is taken for the first time; it throws to prevent
 * that. `engine` is that of the organisations' validators, `on` the network whose ledger it uses.
 * @throws MedsealError `CEREMONY_INVALID` if the network file is not there, or does not follow from the identity
 * files; `NETWORK_FILE_INVALID`; `NETWORK_FILE_OTHER` if the node belongs to another network already;
 * `LEDGER_AHEAD` if the ledger begins in the future.
 */
export async function joinFromFiles(
  folder: NodeFolder,
  exchange: string,
  { clock, primitives }: Pick<NodePorts, 'clock' | 'primitives'>,
  {
    agree,
    engine,
    on,
  }: GivenOptions & { readonly agree?: (network: NetworkFile) => Promise<void> } = {},
): Promise<NetworkFile> {
  const files = await openSharedFolder(exchange);
  const home = onlyHome(folder);
  const value = await readJsonFile(files, 'network.json');
  if (value === undefined) throw invalid('it is not there yet');
  const network = parseNetworkFile(value);
  requireKeysOf(network, home);
  const identities = await readIdentities(files, folder);
  if (on === undefined && network.ledger.of !== undefined) {
    throw invalid('it uses the ledger of another network; name that network with --on');
  }
  const ledger = on && ledgerOn(primitives, on);
  if (on !== undefined) requireApartFrom(on, identities, network.channels[0]?.name ?? '');
  const chain = await chainOf(network, folder, { engine, primitives });
  requireDerived(network, identities, primitives, { chain, ...(ledger && { ledger }) });
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
  await writeNodes(folder.files, identities);
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

/**
 * Writes the addresses of the organisations' nodes.
 *
 * @param files - A node's folder.
 * @param nodes - The organisations.
 */
export async function writeNodes(
  files: Files,
  nodes: readonly { readonly organisation: Organisation; readonly url?: string }[],
): Promise<void> {
  const urls = Object.fromEntries(
    nodes.flatMap(({ organisation, url }) => (url === undefined ? [] : [[organisation, url]])),
  );
  await writeJsonFile(files, NODES, { format: 'medseal-nodes/1', urls });
}

function invalid(reason: string): MedsealError {
  return new MedsealError('CEREMONY_INVALID', { file: 'network.json', reason });
}
