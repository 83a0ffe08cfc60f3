import { watchKept } from '../../client/kept/watchKept.ts';
import type { Party } from '../../client/party/Party.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { findKeys, type KeyFile } from '../../device/keystore.ts';
import { openKeyParty } from '../../device/openKeystoreParty.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { calledAs } from '../program/calledAs.ts';
import { readPinnedNetwork } from './readPinnedNetwork.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { findHome, nodesOf, type Home } from './Home.ts';
import { agentAt } from './Nodes.ts';
import { followAtHome } from './followAtHome.ts';
import { readPassphrase } from './readPassphrase.ts';

/** A party at its device, before a node. */
export interface Visitor {
  readonly home: Home;
  readonly network: NetworkFile;
  /** The key that signs. */
  readonly key: KeyFile;
  /** Every key of the device, whose names are for people. */
  readonly keys: readonly KeyFile[];
  readonly party: Party;
}

/**
 * Opens a party of the device at its organisation's node.
 *
 * @param terminal - Asks for the passphrase.
 * @param options - Which device, key and nodes.
 * @throws MedsealError `HOME_UNJOINED`, `KEY_ABSENT`, `ARGUMENT_INVALID` for a key that is not there; `PARTY_UNKNOWN`
 * if its owner has not applied; `PASSPHRASE_WRONG`, `NETWORK_FILE_OTHER`, `PEER_UNREACHABLE`.
 */
export async function openVisitor(terminal: Terminal, options: VisitorOptions): Promise<Visitor> {
  const home = findHome(options);
  const known = await readPinnedNetwork(options, home);
  const keys = await keysOf(home, known);
  const key = chooseKey(keys, options);
  const { organisation } = key;
  if (organisation === undefined) throw new MedsealError('PARTY_UNKNOWN', {});
  // A file that was named on the command line is for this call: only the device's own is followed.
  const network =
    options.network === undefined
      ? await followAtHome(home, agentAt(await nodesOf(home, options.url), organisation))
      : known;
  const party = await openKeyAt(terminal, { home, network, key, organisation }, options);
  // It may have been off when their time was over.
  try {
    const end = await watchKept(party);
    end();
  } catch (error) {
    const { message, next } = toMedsealError(error);
    terminal.note(`Kept records whose time is over could not be deleted. ${message} ${next}`);
  }
  return { home, network, key, keys, party };
}

/**
 * Opens a party of the device at the node of an organisation.
 *
 * @param terminal - Asks for the passphrase.
 * @param at - The key, and where it is opened.
 * @param options - Which nodes.
 */
export async function openKeyAt(
  terminal: Terminal,
  at: Pick<Visitor, 'home' | 'network' | 'key'> & { readonly organisation: Organisation },
  options: VisitorOptions,
): Promise<Party> {
  const { home, network, key, organisation } = at;
  if (key.next !== undefined) {
    const again = calledAs(`key change ${key.name}`);
    terminal.note(`The change of the key ${key.name} is not finished. Next: ${again}`);
  }
  const agent = agentAt(await nodesOf(home, options.url), organisation);
  const place = {
    network,
    agent,
    organisation,
    ports: await machinePorts(),
    keystore: home.keystore,
  };
  return await openKeyParty(
    key,
    place,
    async ({ name }) => await readPassphrase(terminal, name, options),
  );
}

/**
 * The keys of a device.
 *
 * @param home - The device.
 * @param network - True if its network is a demonstration.
 * @throws MedsealError `KEY_ABSENT`, `KEYSTORE_INVALID`, `KEYSTORE_DEMO`.
 */
export async function keysOf(
  home: Home,
  network: { readonly demo: boolean },
): Promise<readonly KeyFile[]> {
  const keys = (await findKeys(home.keystore, network)) ?? [];
  if (keys.length === 0) throw new MedsealError('KEY_ABSENT', { path: home.keystore });
  return keys;
}

/**
 * The key that was named, in capitals or not, or the only one.
 *
 * @throws MedsealError `ARGUMENT_INVALID` if there is no such key, or none was named of several.
 */
export function chooseKey(keys: readonly KeyFile[], { as }: { readonly as?: string }): KeyFile {
  const chosen =
    as === undefined && keys.length === 1
      ? keys[0]
      : keys.find(({ name }) => name.toLowerCase() === as?.toLowerCase());
  if (chosen !== undefined) return chosen;
  const names = keys.map(({ name }) => name).join(', ');
  const reason =
    as === undefined
      ? `the device has several keys; name one of them: ${names}`
      : `the device has no key named ${as}; it has ${names}`;
  throw new MedsealError('ARGUMENT_INVALID', { argument: '--as', reason });
}
