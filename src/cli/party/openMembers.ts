import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { DeviceStore } from '../../client/party/DeviceStore.ts';
import { memoryDevice } from '../../client/party/memoryDevice.ts';
import { openParty, type Party } from '../../client/party/Party.ts';
import { openDeviceFolder } from '../../device/deviceFolder.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { openKeyGuard } from '../../folder/keyGuard.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { openFolder } from '../../folder/openFolder.ts';
import { readAuthorityKeys, type MemberKey } from '../../node/founding/readAuthorityKeys.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { ownLogOf } from '../../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { agentAt, nodesAt } from '../home/Nodes.ts';
import { ownDoor } from '../home/ownDoor.ts';
import type { PassphraseOptions } from '../home/readPassphrase.ts';
import { nodePassphrase } from '../node/nodePassphrase.ts';
import { readNodeFolder } from '../node/readNodeFolder.ts';
import { readNetworkFile } from '../home/readPinnedNetwork.ts';
import type { Terminal } from '../terminal/Terminal.ts';

/** Options of the verbs that act in the name of the authority's members in a node's folder. */
export interface MemberOptions extends PassphraseOptions {
  readonly data: string;
  readonly url?: readonly string[];
}

/**
 * Opens the node of a folder for somebody who is not a party.
 *
 * @param options - The folder, and the nodes' addresses if they are not its own.
 * @param member - The organisation whose member of the authority takes a step that must be taken once: its folder is the device
 * that remembers it. If absent, nothing is remembered, and what is signed must be safe to sign again.
 * @throws MedsealError `NODE_ABSENT`, `FOLDER_FOREIGN`, `FOLDER_EXPOSED`; `ARGUMENT_INVALID` if the member is not in the folder.
 */
export async function openGuest(
  options: Omit<MemberOptions, 'passphraseFile'>,
  member?: Organisation,
): Promise<Party> {
  const data = resolve(options.data);
  const network = await readNetworkFile(join(data, 'network.json'));
  const ports = await machinePorts();
  const { folder } = await readNodeFolder(data);
  const [organisation] = folder.hosts;
  if (organisation === undefined) throw new MedsealError('NODE_ABSENT', { path: data });
  const nodes = options.url === undefined ? await ownDoor(data) : nodesAt(options.url);
  return await openParty({
    ...ports,
    seed: ports.random(32),
    network,
    agent: agentAt(nodes, organisation),
    log: ownLogOf(network, organisation).log.name,
    device: member === undefined ? memoryDevice() : await deviceOf(data, member),
  });
}

/** The device of a member of the authority: beside its key. */
async function deviceOf(data: string, member: Organisation): Promise<DeviceStore> {
  const members = await readdir(join(data, 'authority')).catch((): string[] => []);
  if (members.includes(member)) return await openDeviceFolder(join(data, 'authority', member));
  const reason = `this folder has the keys of ${members.toSorted().join(', ')}, and not of ${member}`;
  throw new MedsealError('ARGUMENT_INVALID', { argument: '--data', reason });
}

/**
 * Opens the keys of the authority's members that a node's folder has, each the one that the network file names.
 *
 * @param terminal - Asks for the passphrase.
 * @param at - Whoever asks: it names the network.
 * @param options - The folder.
 * @throws MedsealError `FOLDER_FOREIGN` for another key; `PASSPHRASE_WRONG`.
 */
export async function openMembers(
  terminal: Terminal,
  at: Pick<Party, 'network' | 'primitives'>,
  options: MemberOptions,
): Promise<readonly MemberKey[]> {
  const data = resolve(options.data);
  const files = await openFolder(data);
  const guard = await openKeyGuard(files, async () => await nodePassphrase(terminal, options));
  const members = await readAuthorityKeys(join(data, 'authority'), at.primitives, guard);
  requireOwn(at.network, data, members);
  return members;
}

/** Requires each key to be its member's own: another key's signature is worth nothing, and nobody would be told. */
function requireOwn({ authority }: NetworkFile, path: string, members: readonly MemberKey[]): void {
  for (const { organisation, address } of members) {
    const named = authority.members.find((member) => member.organisation === organisation);
    if (named?.address === address) continue;
    const what = `authority/${organisation}/keys.json holds another key than the network file names`;
    throw new MedsealError('FOLDER_FOREIGN', { path, what });
  }
}
