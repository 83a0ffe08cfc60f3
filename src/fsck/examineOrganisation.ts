import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { examineContributor } from '../services/contributor/examineContributor.ts';
import type { ServiceDatabase } from '../database/synced.ts';
import { openSharedFolder } from '../folder/openFolder.ts';
import { isShareFile } from '../folder/shareFiles.ts';
import { examineVault } from '../vault/examineVault.ts';
import { inFolder } from '../vault/storeOpener.ts';
import { examineCoordinator } from '../services/coordinator/examineCoordinator.ts';
import { examineDeposits } from '../services/deposits/examineDeposits.ts';
import { examineLetters } from '../services/letters/examineLetters.ts';
import type { ExaminedStore } from '../services/examination/ExaminedStore.ts';
import { erasuresIn } from './erasuresIn.ts';
import { examineStoredLog } from './examineLog.ts';
import {
  partPath,
  type OrganisationExamination,
} from '../services/examination/OrganisationExamination.ts';

/**
 * Examines an organisation's part of a data folder while no node runs on it: every row of every log, every body, every
 * sealed file, every deposit.
 *
 * @param examination - Folder, organisation, and the receiver of findings.
 */
export async function examineOrganisation(examination: OrganisationExamination): Promise<void> {
  const { network, organisation, scratch, data, hearer } = examination;
  const path = `node/${organisation}`;
  const names = await readdir(join(data, path)).catch(() => []);
  if (names.every((name) => name === 'keys.json' || isShareFile(name))) {
    const what = `${organisation}: only its keys are here: it has not run yet, or everything else is lost`;
    hearer.fault({ kind: 'database-unreadable', path, what, remedy: 'backup' });
    return;
  }
  const opened = new Map<string, ServiceDatabase>();
  for (const { part } of STORES) {
    const database = await scratch.store(partPath(examination, part));
    if (database !== undefined) opened.set(part, database);
  }
  const stores = {
    coordinator: opened.get('coordinator'),
    vault: opened.get('vault-index'),
    contributor: opened.get('contributor'),
    erasures: await erasuresIn(examination),
  };
  // Its own log last: every file that it names must be there; files of the others' logs may still have to be copied.
  for (const identity of network.channels.flatMap(({ logs }) => logs)) {
    await examineStoredLog(examination, identity, stores);
  }
  for (const { part, examine } of STORES) {
    const database = opened.get(part);
    if (database !== undefined) await examine(examination, database);
  }
  for (const { part } of STORES.filter((store) => !opened.has(store.part))) {
    hearer.fault({
      kind: 'database-unreadable',
      path: partPath(examination, part),
      what: `${organisation}: the database cannot be opened`,
      remedy: 'backup',
    });
  }
}

/** The stores of an organisation beside its logs, in the order in which they are examined. */
const STORES: readonly ExaminedStore[] = [
  { part: 'vault-index', examine: examineVaultFolder },
  { part: 'coordinator', examine: examineCoordinator },
  { part: 'contributor', examine: examineContributor },
  { part: 'kept', examine: examineDeposits },
  { part: 'letters', examine: examineLetters },
];

/** Verifies the hash of every file that somebody owns. */
async function examineVaultFolder(
  examination: OrganisationExamination,
  database: ServiceDatabase,
): Promise<void> {
  const { data, organisation, ports, hearer, openStore = inFolder } = examination;
  const { discardUnknown = false } = examination;
  const path = partPath(examination, 'vault');
  const name = `${organisation}: vault`;
  const sound = await examineVault({
    store: openStore(
      organisation,
      await openSharedFolder(`${data}/${path}`),
      examination.network.networkId,
    ),
    database,
    createSha256: ports.createSha256,
    discardUnknown,
    onFault: (fault) => hearer.fault({ ...fault, path, what: `${name}: ${fault.what}` }),
    onProgress: (files) => hearer.progress(name, files),
  });
  hearer.part({ path, name, holds: `${sound} sealed files` });
}
