import { httpAgent } from '../client/httpAgent.ts';
import { openParty, type Party } from '../client/Party.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { AgentPort } from '../protocol/AgentPort.ts';
import type { NetworkFile } from '../protocol/NetworkFile.ts';
import { openDeviceFolder } from './deviceFolder.ts';
import { readKeystore, type KeyFile } from './keystore.ts';
import { unlockKey, type UnlockOptions } from './lockedKeys.ts';
import { machinePorts, type NodePorts } from './NodePorts.ts';
import { openFolderSpool } from './openFolderSpool.ts';
import { unlockedIn } from './unlockedKeys.ts';

/** Which party of a keystore is opened, and at which node. */
export interface KeystorePartyOptions extends Partial<Pick<UnlockOptions, 'askPassphrase'>> {
  /** The pinned network file. */
  readonly network: NetworkFile;
  /** Address of the nodes, such as `http://127.0.0.1:8480`; the party's own organisation is below it. */
  readonly url: string;
  /** Folder with the keys and devices of parties, such as `.medseal/parties`. */
  readonly keystore: string;
  /** The party's name in the keystore. */
  readonly name: string;
}

/**
 * Opens a party of a keystore at its organisation's node. The party's folder is its device.
 *
 * @param options - Which party; `askPassphrase` is needed where its key has one.
 * @throws MedsealError `KEYSTORE_INVALID`, `KEYSTORE_DEMO`, `PASSPHRASE_WRONG`, `NETWORK_FILE_OTHER`,
 * `PEER_UNREACHABLE`.
 * @example
 * ```ts
 * const doctor = await openKeystoreParty({ network, url, keystore: '.medseal/parties', name: 'doctor' });
 * ```
 */
export async function openKeystoreParty(options: KeystorePartyOptions): Promise<Party> {
  const { network, url, keystore, name, askPassphrase = noPassphrase } = options;
  const key = (await readKeystore(keystore, network)).find((each) => each.name === name);
  if (key === undefined) throw invalid(keystore, `it has no party of the name ${name}`);
  const agent = httpAgent(`${url.replace(/\/$/, '')}/${key.organisation}`);
  const ports = await machinePorts();
  return await openKeyParty(key, { network, ports, keystore, agent, askPassphrase });
}

/** What a party is opened with once its key was read. */
export interface KeyPartyOptions extends Pick<UnlockOptions, 'askPassphrase'> {
  readonly network: NetworkFile;
  readonly ports: NodePorts;
  readonly keystore: string;
  readonly agent: AgentPort;
}

/** Opens a party at its device: the folder of its name in the keystore. */
export async function openKeyParty(
  key: KeyFile,
  { network, ports, keystore, agent, askPassphrase }: KeyPartyOptions,
): Promise<Party> {
  return await openParty({
    ...ports,
    seed: await unlockKey(key, { ...ports, askPassphrase, findUnlocked: unlockedIn(keystore) }),
    network,
    agent,
    log: `${network.channels[0]?.name ?? ''}/${key.organisation}`,
    device: await openDeviceFolder(`${keystore}/${key.name}`),
    spool: openFolderSpool(`${keystore}/${key.name}/spool`),
  });
}

async function noPassphrase({ name }: KeyFile): Promise<never> {
  throw await Promise.resolve(invalid(name, 'its key has a passphrase, and nobody to ask for it'));
}

function invalid(path: string, reason: string): MedsealError {
  return new MedsealError('KEYSTORE_INVALID', { path, reason });
}
