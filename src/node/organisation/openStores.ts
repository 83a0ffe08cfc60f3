import type { MandateEnd } from '../../services/deposits/learnMandates.ts';
import type { ServiceDatabase } from '../../database/synced.ts';
import { databasesInFolder, type OpenDatabases } from '../databases/OpenDatabases.ts';
import type { MedsealError } from '../../errors/MedsealError.ts';
import type { NodePorts } from '../../folder/NodePorts.ts';
import type { OrganisationFolder } from '../../folder/OrganisationFolder.ts';
import type { OrganisationKeys } from '../../folder/organisationKeys.ts';
import { encryptBodies, type BodyEncryption } from '../../log/encryptBodies.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import { openEvidenceLog } from '../../log/openEvidenceLog.ts';
import type { Bytes32, LogName, Organisation } from '../../protocol/ids.ts';
import type { Channel, NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { DepositStore } from '../../services/deposits/DepositStore.ts';
import { LetterStore } from '../../services/letters/LetterStore.ts';
import { PushStore } from '../../services/push/PushStore.ts';
import { refuseWhile } from '../../services/refuseWhile.ts';
import { openVault } from '../../vault/openVault.ts';
import { inFolder, type OpenStore } from '../../vault/storeOpener.ts';
import type { Vault } from '../../vault/Vault.ts';

/** The most bytes that one sealed file may have. */
const FILE_QUOTA = 8 * 2 ** 30;

/** Options of `openStores`. */
export interface StoresOptions {
  readonly organisation: Organisation;
  readonly network: NetworkFile;
  readonly channel: Channel;
  readonly folder: OrganisationFolder;
  readonly keys: OrganisationKeys;
  readonly ports: NodePorts;
  /** The most bytes that one sealed file may have; 8 GiB unless given. */
  readonly fileBytes?: number;
  /** Makes the store of sealed files; in its folder if absent. */
  readonly openStore?: OpenStore;
  /** Opens the databases of its stores; in its folder if absent. */
  readonly openDatabases?: OpenDatabases;
  /** Returns the error to throw while the disk is full; undefined while there is room. */
  readonly full?: () => MedsealError | undefined;
  /** Called once the end of a right that its patient signed is kept. */
  readonly onEnding?: (grant: Bytes32) => void;
  /** Called with each exact end of a mandate that is kept from before. */
  readonly onExactEnd?: (end: MandateEnd) => void;
  /** Called with failures in the background. */
  readonly onFailure: (error: unknown) => void;
}

/** An open store; all are closed with the organisation, or if it cannot be opened. */
export interface Closable {
  close(): Promise<unknown>;
}

/** The open stores of an organisation. */
export interface OrganisationStores {
  /** Encrypts the bodies that it keeps. */
  readonly bodies: BodyEncryption;
  /** Its own log and its copies of the others. */
  readonly logs: ReadonlyMap<LogName, EvidenceLog>;
  /** Its own log. */
  readonly log: EvidenceLog;
  /** Its sealed files; it takes none while the disk is full. */
  readonly vault: Vault;
  readonly deposits: DepositStore;
  readonly letters: LetterStore;
  /** Browsers that are told of letters; beside the letters. */
  readonly browsers: PushStore;
  /** The store of its coordinator. */
  readonly judgements: ServiceDatabase;
  /** The store of its contributor. */
  readonly contributions: ServiceDatabase;
}

/**
 * Opens the stores of an organisation.
 *
 * @param options - Its folder, keys and channel.
 * @param opened - Takes each store once it is open, in that order, also if a later one cannot be opened.
 */
export async function openStores(
  options: StoresOptions,
  opened: Closable[],
): Promise<OrganisationStores> {
  const { organisation, network, channel, folder, keys, ports } = options;
  const { openStore = inFolder, openDatabases = databasesInFolder } = options;
  const { full = () => undefined, onEnding, onExactEnd, onFailure } = options;
  const { random, primitives, createSha256 } = ports;
  const databases = await openDatabases(organisation, folder, network.networkId);
  opened.push(databases);
  const databaseOf = async (name: string): Promise<ServiceDatabase> => {
    const database = await databases.database(name);
    opened.push(database);
    return database;
  };
  const bodies = encryptBodies({ storageKey: keys.storage, random, primitives });
  const logs = new Map<LogName, EvidenceLog>();
  for (const identity of channel.logs) {
    const database = await databaseOf(`logs/${identity.organisation}`);
    const path = `${folder.files.path}/logs/${identity.organisation}`;
    const each = await openEvidenceLog({ identity, database, primitives, bodies, path });
    opened.push(each);
    logs.set(identity.name, each);
  }
  const log = [...logs.values()].find((each) => each.identity.organisation === organisation);
  if (log === undefined) throw new Error(`the channel has no log of ${organisation}`);
  const stored = await openVault({
    store: openStore(organisation, await folder.part('vault'), network.networkId),
    onFailure,
    database: await databaseOf('vault-index'),
    quota: options.fileBytes ?? FILE_QUOTA,
    createSha256,
    primitives,
  });
  opened.push(stored);
  const vault = refuseWhile(stored, full, {
    streams: { get: true },
    refuses: (name) => name === 'put' || name === 'putSmall',
    midway: true,
  });
  const kept = { ...ports, database: await databaseOf('kept'), bodies };
  const told = { ...(onEnding && { onEnding }), ...(onExactEnd && { onExactEnd }) };
  const deposits = new DepositStore({ ...kept, ...told });
  await deposits.readEndings();
  await deposits.readExactEnds();
  const waiting = await databaseOf('letters');
  return {
    bodies,
    logs,
    log,
    vault,
    deposits,
    letters: new LetterStore(waiting),
    browsers: await PushStore.open(waiting),
    judgements: await databaseOf('coordinator'),
    contributions: await databaseOf('contributor'),
  };
}
