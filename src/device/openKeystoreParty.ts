import { httpAgent } from '../client/agent/httpAgent.ts';
import { openParty, type Party } from '../client/party/Party.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { AgentPort } from '../protocol/AgentPort.ts';
import type { Address, Organisation } from '../protocol/ids.ts';
import { ownLogOf } from '../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import { openDeviceFolder } from './deviceFolder.ts';
import { readKeystore, type KeyFile } from './keystore.ts';
import { unlockKey, type UnlockOptions } from './lockedKeys.ts';
import { formerSeedsOf } from './nextKey.ts';
import { machinePorts, type NodePorts } from '../folder/NodePorts.ts';
import { openFolderSpool } from './openFolderSpool.ts';
import { unlockedIn } from './unlockedKeys.ts';

/** Options of `openKeystoreParty`. */
export interface KeystorePartyOptions extends Partial<Pick<UnlockOptions, 'askPassphrase'>> {
  /** The pinned network file. */
  readonly network: NetworkFile;
  /** Address of the nodes, such as `http://127.0.0.1:8480`; the party's own organisation is below it. */
  readonly url: string;
  /** Folder with the keys and devices of parties, such as `.medseal/parties`. */
  readonly keystore: string;
  /** The party's name in the keystore. */
  readonly name: string;
  /** Name of the channel; needed if the party's organisation is in several. */
  readonly channel?: string;
  /** The organisation whose node is asked, if the party's own left the network or is away. */
  readonly node?: Organisation;
}

/**
 * Opens a party of a keystore at its organisation's node. The party's folder is its device.
 *
 * @param options - The party and its node; `askPassphrase` is needed if its key has a passphrase.
 * @throws MedsealError `KEYSTORE_INVALID`, `KEYSTORE_DEMO`, `PASSPHRASE_WRONG`, `NETWORK_FILE_OTHER`,
 * `PEER_UNREACHABLE`; `PARTY_UNKNOWN` if its owner has not applied for enrolment; `NOT_FOUND` if its organisation is not
 * in the channel; `ARGUMENT_INVALID` if it is in several and none is named.
 * @example
 * ```ts
 * const at = { network, url: 'http://127.0.0.1:8480', keystore: '.medseal/parties' };
 * const doctor = await openKeystoreParty({ ...at, name: 'doctor' });
 * ```
 */
export async function openKeystoreParty(options: KeystorePartyOptions): Promise<Party> {
  const { network, url, keystore, name, channel, askPassphrase = noPassphrase } = options;
  const key = (await readKeystore(keystore, network)).find((each) => each.name === name);
  if (key === undefined) throw invalid(keystore, `it has no party with the name ${name}`);
  const organisation = key.organisation && (options.node ?? key.organisation);
  if (organisation === undefined) throw new MedsealError('PARTY_UNKNOWN', {});
  const agent = httpAgent(`${url.replace(/\/$/, '')}/${organisation}`);
  const ports = await machinePorts();
  const at = { network, ports, keystore, agent, organisation };
  const place = { ...at, ...(channel !== undefined && { channel }) };
  return await openKeyParty(key, place, askPassphrase);
}

/** Surroundings of a party: its network, its device, its agent. */
export interface PartyPlace {
  readonly network: NetworkFile;
  readonly ports: NodePorts;
  /** Folder with the devices of parties. */
  readonly keystore: string;
  readonly agent: AgentPort;
  /** Organisation of the agent. */
  readonly organisation: Organisation;
  /** Name of the channel; needed if the organisation is in several. */
  readonly channel?: string;
}

/**
 * Opens a party at its device: the folder of its name in the keystore.
 *
 * @param key - The party's.
 * @param place - Its network, device and agent.
 * @param askPassphrase - Called if the key needs a passphrase.
 */
export async function openKeyParty(
  key: KeyFile,
  place: PartyPlace,
  askPassphrase: UnlockOptions['askPassphrase'] = noPassphrase,
): Promise<Party> {
  const { keystore, ports } = place;
  const options = { ...ports, askPassphrase, findUnlocked: unlockedIn(keystore) };
  const seed = await unlockKey(key, options);
  const formerSeeds = await formerSeedsOf(key, seed, ports.cipher);
  return await openSeedParty({ ...key, seed, formerSeeds }, place);
}

/** A key that was unlocked. */
export interface SeedOfParty extends Pick<KeyFile, 'name' | 'keyChanges'> {
  /** 32 bytes. */
  readonly seed: Uint8Array;
  /** The party's address, if the seed is not that of its first key. */
  readonly address?: Address;
  /** Seeds of former keys. */
  readonly formerSeeds?: readonly Uint8Array[];
}

/**
 * Opens a party at its device from its seed.
 *
 * @param key - Name of the key, its seed of 32 bytes, and what proves a later key.
 * @param place - Its network, device and agent.
 */
export async function openSeedParty(
  { name, seed, address, keyChanges, formerSeeds = [] }: SeedOfParty,
  { network, ports, keystore, agent, organisation, channel }: PartyPlace,
): Promise<Party> {
  return await openParty({
    ...ports,
    seed,
    ...(address && { address }),
    ...(keyChanges && { keyChanges }),
    ...(formerSeeds.length > 0 && { formerSeeds }),
    network,
    agent,
    log: ownLogOf(network, organisation, channel).log.name,
    device: await openDeviceFolder(`${keystore}/${name}`),
    spool: openFolderSpool(`${keystore}/${name}/spool`),
  });
}

async function noPassphrase({ name }: KeyFile): Promise<never> {
  throw await Promise.resolve(
    invalid(name, 'its key has a passphrase, and `askPassphrase` is missing'),
  );
}

function invalid(path: string, reason: string): MedsealError {
  return new MedsealError('KEYSTORE_INVALID', { path, reason });
}
