import { watchKept } from '../../client/kept/watchKept.ts';
import { servedBy } from '../../client/letters/servedBy.ts';
import type { Party } from '../../client/party/Party.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { findKeys, type KeyFile } from '../../device/keystore.ts';
import { openDeviceFolder } from '../../device/deviceFolder.ts';
import { openKeyParty } from '../../device/openKeystoreParty.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { calledAs } from '../program/calledAs.ts';
import { readPinnedNetwork } from './readPinnedNetwork.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { findHome, nodesOf, type Home } from './Home.ts';
import { agentAt, hasNode, promptAgentAt } from './Nodes.ts';
import { leaveOut, type ToldLeftOut } from './leaveOut.ts';
import { warnRecovery } from './warnRecovery.ts';
import { followAtHome } from './followAtHome.ts';
import { reachNode, type ReachedNode } from './reachNode.ts';
import { readPassphrase } from './readPassphrase.ts';

/** Milliseconds until a node counts as away: a node lets requests wait for 15 s while its network file changes. */
const PATIENCE = 16_000;

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
 * Opens a party of the device at the node of the organisation that it moved to, or of its own, or at another if that left or
 * is away.
 *
 * @param terminal - Asks for the passphrase.
 * @param options - Which device, key and nodes.
 * @throws MedsealError `HOME_UNJOINED`, `KEY_ABSENT`, `ARGUMENT_INVALID` for a key that is not there; `PARTY_UNKNOWN`
 * if its owner has not applied; `PASSPHRASE_WRONG`, `NETWORK_FILE_OTHER`, `PEER_UNREACHABLE`.
 */
export async function openVisitor(terminal: Terminal, options: VisitorOptions): Promise<Visitor> {
  const home = findHome(options);
  const known = await readPinnedNetwork(options, home);
  const keys = await keysOf(home, known, { ...options, told: terminal });
  const key = chooseKey(keys, options);
  const reached = await reachNodeOf(terminal, { home, known, key }, options);
  const { network } = reached;
  const party = await openKeyAt(terminal, { home, key, ...reached }, options);
  await warnRecovery(terminal, key.name, party);
  // It may have been off when their time was over.
  try {
    const end = await watchKept(party);
    end();
  } catch (error) {
    const { message, next } = toMedsealError(error);
    terminal.note(`Kept records whose time is over could not be deleted. ${message} ${next}`);
  }
  const visitor = { home, network, key, keys, party };
  const { actingFor } = options;
  if (actingFor === undefined) return visitor;
  const { openActing } = await import('./openActing.ts');
  const acting = await openActing(party, actingFor);
  return { ...visitor, party: acting, key: { ...key, role: 'patient' } };
}

/**
 * Finds the node that a party of the device is opened at, as `reachNode` does, and follows the network's successors there.
 *
 * @param terminal - Told if it is not that of the party's organisation.
 * @param at - The device, the network file in force as it knows it, and the party's key.
 * @param options - Which nodes.
 * @throws MedsealError `PARTY_UNKNOWN` if the key's owner has not applied; as `reachNode` does.
 */
export async function reachNodeOf(
  terminal: Terminal,
  at: Pick<Visitor, 'home' | 'key'> & { readonly known: NetworkFile },
  options: VisitorOptions,
): Promise<ReachedNode> {
  const { home, known, key } = at;
  const own = key.organisation;
  if (own === undefined) throw new MedsealError('PARTY_UNKNOWN', {});
  const nodes = await nodesOf(home, options.url, terminal);
  const device = await openDeviceFolder(`${home.keystore}/${key.name}`);
  return await reachNode(terminal, {
    known,
    own,
    moved: (await servedBy({ device }))?.organisation,
    named: options.node,
    hasAddress: (organisation) => hasNode(nodes, organisation),
    // All nodes of a demonstration are below one address.
    hasOwnAddress: (organisation) => known.demo || Object.hasOwn(nodes.urls, organisation),
    agentOf: (organisation) => promptAgentAt(nodes, organisation, PATIENCE),
    // A file that was named on the command line is for this call: only the device's own is followed.
    follow: async (agent) => {
      if (options.network === undefined) return await followAtHome(home, agent);
      await agent.network();
      return known;
    },
  });
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
  at: Pick<Visitor, 'home' | 'key'> & ReachedNode,
  options: VisitorOptions,
): Promise<Party> {
  const { home, network, key, organisation, channel } = at;
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
    ...(channel !== undefined && { channel }),
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
 * @param wanted - `as`: the one key that is wanted, so that damaged ones of others are left out, and `told` names them; without
 * it, each must be readable.
 * @throws MedsealError `KEY_ABSENT`, `KEYSTORE_INVALID`, `FOLDER_FOREIGN`, `FOLDER_EXPOSED`, `KEYSTORE_DEMO`.
 */
export async function keysOf(
  home: Home,
  network: { readonly demo: boolean },
  { as, told }: { readonly as?: string; readonly told?: ToldLeftOut } = {},
): Promise<readonly KeyFile[]> {
  const found = await findKeys(home.keystore, network, (name, error) => {
    if (as === undefined || isNamed(name, as)) throw error;
    leaveOut(name, error, told);
  });
  const keys = found ?? [];
  if (keys.length === 0) throw new MedsealError('KEY_ABSENT', { path: home.keystore });
  return keys;
}

/** Tells whether a key's name was typed, in capitals or not. */
function isNamed(name: string, as: string): boolean {
  return name.toLowerCase() === as.toLowerCase();
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
      : keys.find(({ name }) => as !== undefined && isNamed(name, as));
  if (chosen !== undefined) return chosen;
  const names = keys.map(({ name }) => name).join(', ');
  const reason =
    as === undefined
      ? `the device has several keys; name one of them: ${names}`
      : `the device has no key named ${as}; it has ${names}`;
  throw new MedsealError('ARGUMENT_INVALID', { argument: '--as', reason });
}
