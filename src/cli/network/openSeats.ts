import { resolve } from 'node:path';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Files } from '../../folder/Files.ts';
import { openKeyGuard } from '../../folder/keyGuard.ts';
import { machinePorts, type NodePorts } from '../../folder/NodePorts.ts';
import { shareFiles } from '../../folder/shareFiles.ts';
import { openFolder } from '../../folder/openFolder.ts';
import {
  openAuthorityKey,
  openOrganisationKeys,
  readLaterKeys,
  type KeyPorts,
} from '../../folder/organisationKeys.ts';
import type { OrganisationHome } from '../../node/NodeFolder.ts';
import { fileInForce, followSuccessors } from '../../protocol/network/followSuccessors.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { parseNetworkFile } from '../../protocol/network/parseNetworkFile.ts';
import { readJsonFile } from '../../folder/jsonFiles.ts';
import { readConfiguration } from '../../node/configuration/readConfiguration.ts';
import { openToken } from '../../node/token/openToken.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { openSuccession } from '../../node/succession/openSuccession.ts';
import type { SuccessorsFile } from '../../protocol/network/Successor.ts';
import { noSuccession, type Succession } from '../../services/succession/Succession.ts';
import { nodePassphrase } from '../node/nodePassphrase.ts';
import type { PassphraseOptions } from '../home/readPassphrase.ts';
import { readGivenJson } from './readChange.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { readNodeFolder } from '../node/readNodeFolder.ts';

/** Options of the verbs that use the keys of a node's folder. */
export interface SeatOptions extends PassphraseOptions {
  readonly data: string;
}

/** The keys of the organisations of a node's folder; the node may run meanwhile. */
export interface Seats {
  readonly files: Files;
  readonly ports: NodePorts;
  /** Ports for the keys of an organisation. */
  readonly keyPortsOf: (organisation: Organisation) => KeyPorts;
  readonly homes: readonly Pick<
    OrganisationHome,
    'organisation' | 'keys' | 'authorityKey' | 'later' | 'shares'
  >[];
}

/**
 * Opens the keys of the seats that a node's folder has.
 *
 * @param terminal - Asks for the passphrase.
 * @param options - The folder.
 * @throws MedsealError `NODE_ABSENT`; `FOLDER_FOREIGN` if a key is lost; `PASSPHRASE_WRONG`; `CONFIGURATION_INVALID`.
 */
export async function openSeats(terminal: Terminal, options: SeatOptions): Promise<Seats> {
  const path = resolve(options.data);
  const { files, folder } = await readNodeFolder(path);
  const guard = await openKeyGuard(files, async () => await nodePassphrase(terminal, options));
  const ports = await machinePorts();
  const { pkcs11 } = await readConfiguration({ folder: path, environment: process.env });
  const keys = openToken(path, pkcs11, ports);
  const keyPortsOf = (organisation: Organisation): KeyPorts => ({
    ...ports,
    guard,
    ...(keys && { token: { organisation, keys } }),
  });
  const homes: Seats['homes'][number][] = [];
  for (const organisation of folder.hosts) {
    for (const part of [`node/${organisation}`, `authority/${organisation}`]) {
      if ((await files.size(`${part}/keys.json`)) !== undefined) continue;
      throw new MedsealError('FOLDER_FOREIGN', { path, what: `${part}/keys.json is gone` });
    }
    const node = await openFolder(`${path}/node/${organisation}`);
    const authority = await openFolder(`${path}/authority/${organisation}`);
    const keyPorts = keyPortsOf(organisation);
    homes.push({
      organisation,
      keys: await openOrganisationKeys(node, keyPorts),
      shares: shareFiles(node, guard),
      authorityKey: await openAuthorityKey(authority, keyPorts),
      later: {
        node: await readLaterKeys(node, keyPorts),
        member: await readLaterKeys(authority, keyPorts),
      },
    });
  }
  return { files, ports, keyPortsOf, homes };
}

/** Network files for a folder that has none: the newcomer's, which signs that it holds its share. */
export interface GivenNetwork {
  /** The network's first file. */
  readonly network?: string;
  /** Its successors so far. */
  readonly successors?: string;
}

/**
 * Opens the network file of a node's folder with its successors; those that were given if it has none.
 *
 * @param seats - The folder.
 * @param given - Files for a folder that has none.
 * @throws MedsealError `NETWORK_ABSENT`, `NETWORK_FILE_INVALID`, `SUCCESSOR_INVALID`, `ARGUMENT_INVALID`.
 */
export async function successionOf(
  { files, ports }: Seats,
  { network, successors }: GivenNetwork = {},
): Promise<Succession> {
  const written = await readJsonFile(files, 'network.json');
  if (written !== undefined) return await openSuccession(files, parseNetworkFile(written), ports);
  if (network === undefined) throw new MedsealError('NETWORK_ABSENT', { path: files.path });
  const first = parseNetworkFile(await readGivenJson(network));
  const list =
    successors === undefined
      ? { format: 'medseal-successors/1', successors: [] }
      : await readGivenJson(successors);
  const followed = followSuccessors(ports, first, list);
  return {
    ...noSuccession(first),
    files: followed,
    successors: (list as SuccessorsFile).successors,
    inForce: (at) => fileInForce(followed, at),
  };
}

/**
 * Returns the newest network file of a folder, which a change follows.
 *
 * @param succession - The folder's files.
 */
export function newestOf({ files }: Succession): NetworkFile {
  const newest = files.at(-1);
  if (newest === undefined) throw new Error('a succession has a first file');
  return newest;
}
