import { readdir } from 'node:fs/promises';
import { bytesToHex } from '../crypto/bytes.ts';
import { parseVerifierKey } from '../crypto/note/NoteKey.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Organisation } from '../protocol/ids.ts';
import type { NetworkFile } from '../protocol/NetworkFile.ts';
import { parseNetworkFile } from '../protocol/parseNetworkFile.ts';
import type { Files } from '../vault/Files.ts';
import { openFolder } from '../vault/openFolder.ts';
import { beginFounding } from './beginFounding.ts';
import { parseFounding, type FoundingTerms } from './Founding.ts';
import { readJsonFile, writeJsonFile } from './jsonFiles.ts';
import type { NodeFolder, OrganisationHome } from './NodeFolder.ts';
import { isNodeUrl } from './isNodeUrl.ts';
import { openFoundersLedger } from './nodeLedger.ts';
import type { NodePorts } from './NodePorts.ts';
import { identityOf, isIdentity, type OrganisationIdentity } from './OrganisationIdentity.ts';
import { readNetwork, requireKeysOf } from './readNetwork.ts';

/**
 * A network of organisations that each keep their keys to themselves is founded by files that they exchange: each gives
 * its identity file to the founder, the founder gives the network file, with all identity files, back to each. Whoever
 * gets the network file compares its fingerprint with the others, out of band.
 */

const FORMAT = 'medseal-identity/1';

/** What an organisation gives to the others, all of it public. */
export interface IdentityFile extends OrganisationIdentity {
  readonly format: typeof FORMAT;
  /** Where its node is, for the others, such as `https://medseal.laboratory.example`. */
  readonly url: string;
}

/** `nodes.json` of a folder: where the organisations said that their nodes are. */
const NODES = 'nodes.json';

/**
 * Writes an organisation's identity file, `<organisation>.identity.json`.
 *
 * @param home - The organisation.
 * @param url - Where its node will be, for the others.
 * @param exchange - The folder that files are exchanged in.
 * @returns The file's name.
 */
export async function writeIdentity(
  home: OrganisationHome,
  url: string,
  exchange: string,
): Promise<string> {
  const { organisation, keys, authorityKey } = home;
  const name = `${organisation}.identity.json`;
  const identity: IdentityFile = {
    format: FORMAT,
    ...identityOf(organisation, keys, authorityKey),
    url,
  };
  await writeJsonFile(await openFolder(exchange), name, identity);
  return name;
}

/**
 * Founds the network of all organisations whose identity files are in a folder, and puts the network file there. Safe to
 * repeat; what was founded once stays as it is.
 *
 * @param folder - The founder's folder, of one organisation.
 * @param exchange - The folder with the identity files.
 * @param ports - Clock, randomness, curve.
 * @param terms - How many must agree, and who is asked first.
 * @throws MedsealError `CEREMONY_INVALID` where a file is not fit, names the key of another, or comes too late.
 */
export async function foundFromFiles(
  folder: NodeFolder,
  exchange: string,
  ports: NodePorts,
  { agree, ...numbers }: FoundingTerms = {},
): Promise<NetworkFile> {
  const files = await openFolder(exchange);
  const founder = onlyHome(folder);
  const identities = await readIdentities(files, founder);
  const others = identities.filter(({ organisation }) => organisation !== founder.organisation);
  await beginFounding(
    folder.files,
    {
      demo: folder.demo,
      organisations: [founder.organisation, ...others.map(({ organisation }) => organisation)],
      others: others.map(({ format: _format, url: _url, ...identity }) => identity),
      ...numbers,
    },
    ports,
    agree,
  );
  const founding = parseFounding(
    await readJsonFile(folder.files, 'founding.json'),
    folder.files.path,
  );
  const own = await openFoundersLedger(folder, founding, ports);
  try {
    const network = await readNetwork(folder, founding, own, ports);
    requireAll(network, identities);
    await writeNodes(folder, identities);
    await writeJsonFile(files, 'network.json', network);
    return network;
  } finally {
    await own.close();
  }
}

/**
 * Takes the network file from a folder, for a node that did not found the network.
 *
 * @param folder - The node's folder, of one organisation.
 * @param exchange - The folder with the network file and all identity files.
 * @param agree - Is shown the network before it is taken for the first time; it throws to prevent it.
 * @throws MedsealError `CEREMONY_INVALID` where the network file is not there, or names other keys than the identity
 * files; `NETWORK_FILE_INVALID`; `NETWORK_FILE_OTHER` where the node belongs to another network already.
 */
export async function joinFromFiles(
  folder: NodeFolder,
  exchange: string,
  agree?: (network: NetworkFile) => Promise<void>,
): Promise<NetworkFile> {
  const files = await openFolder(exchange);
  const home = onlyHome(folder);
  const value = await readJsonFile(files, 'network.json');
  if (value === undefined) throw invalid('network.json', 'it is not there yet');
  const network = parseNetworkFile(value);
  requireKeysOf(network, home);
  const identities = await readIdentities(files, home);
  requireAll(network, identities);
  const known = await readJsonFile(folder.files, 'network.json');
  if (known !== undefined && JSON.stringify(known) !== JSON.stringify(network)) {
    throw new MedsealError('NETWORK_FILE_OTHER', {});
  }
  if (known === undefined) await agree?.(network);
  await writeNodes(folder, identities);
  if (known === undefined) await writeJsonFile(folder.files, 'network.json', network);
  return network;
}

/**
 * Where the organisations said, when the network was founded, that their nodes are.
 *
 * @param files - A node's folder.
 * @returns None where the network was not founded by files.
 */
export async function readNodes(files: Files): Promise<ReadonlyMap<Organisation, string>> {
  const { urls } = ((await readJsonFile(files, NODES)) ?? {}) as { urls?: Record<string, string> };
  return new Map(Object.entries(urls ?? {}));
}

async function writeNodes(folder: NodeFolder, identities: readonly IdentityFile[]): Promise<void> {
  const urls = Object.fromEntries(identities.map(({ organisation, url }) => [organisation, url]));
  await writeJsonFile(folder.files, NODES, { format: 'medseal-nodes/1', urls });
}

/** All identity files of a folder, in the order of their names; that of the home must be as it is here. */
async function readIdentities(
  files: Files,
  home: OrganisationHome,
): Promise<readonly IdentityFile[]> {
  const identities: IdentityFile[] = [];
  const names = (await readdir(files.path)).filter((name) => name.endsWith('.identity.json'));
  for (const name of names.toSorted()) {
    const { format, url, ...identity } = ((await readJsonFile(files, name)) ??
      {}) as Partial<IdentityFile>;
    if (format !== FORMAT || !isNodeUrl(url) || !isIdentity(identity)) {
      throw invalid(name, 'it is of another form');
    }
    if (name !== `${identity.organisation}.identity.json`) {
      throw invalid(name, `it is of ${identity.organisation}`);
    }
    identities.push({ format, url, ...identity });
  }
  const own = identityOf(home.organisation, home.keys, home.authorityKey);
  const mine = identities.find(({ organisation }) => organisation === home.organisation);
  const name = `${home.organisation}.identity.json`;
  if (mine === undefined) throw invalid(name, 'it is not there');
  for (const field of ['coordinator', 'sender', 'authority', 'log'] as const) {
    if (mine[field] !== own[field]) throw invalid(name, 'it does not name the keys that are here');
    const values = identities.map((identity) => identity[field]);
    if (new Set(values).size !== values.length) throw invalid(name, 'two files name one key');
  }
  return identities;
}

/** Refuses a network of other organisations, or other keys, than the identity files name. */
function requireAll(network: NetworkFile, identities: readonly IdentityFile[]): void {
  const [channel] = network.channels;
  const { members } = network.authority;
  if (channel?.logs.length !== identities.length) {
    throw invalid('network.json', 'it is of other organisations than the identity files');
  }
  for (const { organisation, coordinator, authority, log } of identities) {
    const key = channel.logs.find((each) => each.organisation === organisation)?.key;
    const fits =
      channel.coordinators.some(
        (each) => each.organisation === organisation && each.address === coordinator,
      ) &&
      members.some((each) => each.organisation === organisation && each.address === authority) &&
      key !== undefined &&
      bytesToHex(parseVerifierKey(key).publicKey) === log;
    if (!fits) throw invalid(`${organisation}.identity.json`, 'the network file names other keys');
  }
}

function onlyHome({ homes, files }: NodeFolder): OrganisationHome {
  const [home, ...others] = homes;
  if (home !== undefined && others.length === 0) return home;
  const what = 'it is not of one organisation';
  throw new MedsealError('FOLDER_FOREIGN', { path: files.path, what });
}

function invalid(file: string, reason: string): MedsealError {
  return new MedsealError('CEREMONY_INVALID', { file, reason });
}
