import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LEDGER_INDEX_FOLDER } from '../node/atLedger/openLedgerIndex.ts';
import { rebuildLedger } from '../ledger/examine/rebuildLedger.ts';
import { encryptBodies } from '../log/encryptBodies.ts';
import { LogRows } from '../log/LogRows.ts';
import { openEvidenceLog } from '../log/openEvidenceLog.ts';
import { rebuildRows } from '../log/rebuildRows.ts';
import { domainOf } from '../protocol/struct/domainOf.ts';
import type { Organisation } from '../protocol/ids.ts';
import type { LogIdentity, NetworkFile } from '../protocol/network/NetworkFile.ts';
import { keepJudged } from '../services/rejoining/keepJudged.ts';
import type { StoresElsewhere } from '../database/files/Scratch.ts';
import { BINARY_SYNCED, type ServiceDatabase } from '../database/synced.ts';
import { withDatabase } from '../database/withDatabase.ts';
import { examineVault } from '../vault/examineVault.ts';
import { inFolder, type OpenStore } from '../vault/storeOpener.ts';
import { openFolder } from '../folder/openFolder.ts';
import type { NodePorts } from '../folder/NodePorts.ts';
import type { OrganisationKeys } from '../folder/organisationKeys.ts';
import type { ExaminedFoundation } from './examineFoundation.ts';
import { LEDGER_FOLDER } from './examineLedgerFolder.ts';

/** Options of `repairFolder`. */
export interface FolderRepair {
  /** The folder; nobody works on it. */
  readonly data: string;
  readonly foundation: ExaminedFoundation;
  readonly ports: NodePorts;
  /** Stores of sealed files; in the folder if absent. */
  readonly openStore?: OpenStore;
  /** Stores that are at a server; none if absent. */
  readonly elsewhere?: StoresElsewhere;
  /** As in `examineVault`. */
  readonly discardUnknown?: boolean;
  /** Paths of the parts that an examination found can be rebuilt. */
  readonly paths: ReadonlySet<string>;
  /** Told the part that is being repaired, and the progress. */
  readonly progress: (what: string, done: number, total?: number) => void;
}

/**
 * Rebuilds what can be derived from intact data: indexes and trees of logs, leases of the vault, bodies that a
 * coordinator judged and a log has, state and indexes of the ledger; a node's view of it is removed, and made again by the
 * node. It deletes only what nothing refers to.
 *
 * @param repair - The folder and its damaged parts.
 * @throws MedsealError `FOLDER_UNWRITABLE`; a part that cannot be repaired does not stop the others.
 */
export async function repairFolder(repair: FolderRepair): Promise<void> {
  const { data, foundation, ports, paths, progress, openStore = inFolder } = repair;
  const { discardUnknown = false, elsewhere } = repair;
  const { network, keys } = foundation;
  if (network === undefined) return;
  const { networkId } = network;
  if (paths.has(LEDGER_FOLDER)) {
    await withDatabase(join(data, LEDGER_FOLDER), async (database) => {
      const { chainId } = network.ledger;
      const { primitives } = ports;
      await rebuildLedger({
        database,
        chainId,
        primitives,
        onProgress: (done, total) => progress('ledger', done, total),
      });
    });
  }
  if ([...paths].some((path) => path.startsWith(LEDGER_INDEX_FOLDER))) {
    // The node reads it from the ledger again when it runs.
    await rm(join(data, LEDGER_INDEX_FOLDER), { recursive: true, force: true });
  }
  for (const [organisation, own] of keys) {
    const at = (part: string): string => `node/${organisation}/${part}`;
    for (const identity of network.channels.flatMap(({ logs }) => logs)) {
      const path = at(`logs/${identity.organisation}`);
      if (!paths.has(path)) continue;
      progress(path, 0);
      await withStore(path, async (database) => {
        const rows = new LogRows(database);
        await rebuildRows(rows, contextOf(network, identity, own)).catch(passOver);
      });
    }
    if (paths.has(at('vault'))) await repairVault(organisation);
    if (paths.has(at('coordinator'))) await repairCoordinator(organisation, own, network);
  }

  async function withStore(
    path: string,
    work: (database: ServiceDatabase) => Promise<unknown>,
  ): Promise<void> {
    if (elsewhere?.has(path) !== true) {
      await withDatabase(join(data, path), work);
      return;
    }
    const database = await elsewhere.database(path);
    if (database !== undefined) await work(database);
  }

  function contextOf(file: NetworkFile, identity: LogIdentity, own: OrganisationKeys) {
    const bodies = encryptBodies({ ...ports, storageKey: own.storage });
    return {
      network: file,
      identity,
      bodies,
      primitives: ports.primitives,
      domain: domainOf(file),
    };
  }

  async function repairVault(organisation: Organisation): Promise<void> {
    const path = `node/${organisation}/vault`;
    progress(path, 0);
    const store = openStore(organisation, await openFolder(join(data, path)), networkId);
    await withStore(`${path}-index`, async (database) => {
      await examineVault({
        store,
        database,
        createSha256: ports.createSha256,
        discardUnknown,
        onFault: () => undefined,
        onProgress: (done) => progress(path, done),
        repair: async (change) => {
          await database.batch<Uint8Array, Uint8Array>([change], BINARY_SYNCED);
        },
      });
    });
  }

  /** Copies bodies that the coordinator judged from the organisation's logs, which have them once they are appended. */
  async function repairCoordinator(
    organisation: Organisation,
    own: OrganisationKeys,
    file: NetworkFile,
  ): Promise<void> {
    const bodies = encryptBodies({ ...ports, storageKey: own.storage });
    const { address } = own.coordinator;
    await withStore(`node/${organisation}/coordinator`, async (coordinator) => {
      for (const identity of file.channels.flatMap(({ logs }) => logs)) {
        const path = `node/${organisation}/logs/${identity.organisation}`;
        await withStore(path, async (database) => {
          const options = { identity, database: database, path, bodies };
          const log = await openEvidenceLog({ ...options, primitives: ports.primitives });
          await keepJudged(log, { database: coordinator, address, bodies });
        }).catch(passOver);
      }
    });
  }
}

/** Runs a step; a part that it cannot repair stays as it is, and is found again. */
function passOver(): void {
  return undefined;
}
