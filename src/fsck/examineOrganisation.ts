import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Primitives } from '../crypto/Primitives.ts';
import { isOfShape } from '../protocol/isOfShape.ts';
import { succeeds } from '../protocol/succeeds.ts';
import { cursorRow, parseCursor } from '../services/contributor/depositCursor.ts';
import { wantedKey } from '../services/contributor/FileCopies.ts';
import { WANTED_FILE } from '../services/contributor/WantedFile.ts';
import type { ServiceDatabase } from '../database/synced.ts';
import { openFolder } from '../folder/openFolder.ts';
import { examineVault } from '../vault/examineVault.ts';
import { examineCoordinator } from '../services/coordinator/examineCoordinator.ts';
import { examineDeposits } from '../services/deposits/examineDeposits.ts';
import { examineLetters } from '../services/letters/examineLetters.ts';
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
  if (names.every((name) => name === 'keys.json')) {
    const what = `${organisation}: only its keys are here: it has not run yet, or everything else is lost`;
    hearer.fault({ kind: 'database-unreadable', path, what, remedy: 'backup' });
    return;
  }
  const open = async (name: string) => await scratch.database(partPath(examination, name));
  const [coordinator, vault, contributor, kept, letters] = [
    await open('coordinator'),
    await open('vault-index'),
    await open('contributor'),
    await open('kept'),
    await open('letters'),
  ];
  const stores = { coordinator, vault, contributor };
  // Its own log last: every file that it names must be there; files of the others' logs may still have to be copied.
  for (const identity of network.channels.flatMap(({ logs }) => logs)) {
    await examineStoredLog(examination, identity, stores);
  }
  if (vault !== undefined) await examineVaultFolder(examination, vault);
  if (coordinator !== undefined) await examineCoordinator(examination, coordinator);
  if (contributor !== undefined) await examineWanted(examination, contributor);
  if (kept !== undefined) await examineDeposits(examination, kept);
  if (letters !== undefined) await examineLetters(examination, letters);
  for (const [name, store] of Object.entries({ ...stores, kept, letters })) {
    if (store !== undefined) continue;
    const part = name === 'vault' ? 'vault-index' : name;
    examination.hearer.fault({
      kind: 'database-unreadable',
      path: partPath(examination, part),
      what: `${organisation}: the database cannot be opened`,
      remedy: 'backup',
    });
  }
}

/** Verifies the hash of every file that somebody owns. */
async function examineVaultFolder(
  examination: OrganisationExamination,
  database: ServiceDatabase,
): Promise<void> {
  const { data, organisation, ports, hearer } = examination;
  const path = partPath(examination, 'vault');
  const name = `${organisation}: vault`;
  const sound = await examineVault({
    files: await openFolder(`${data}/${path}`),
    database,
    createSha256: ports.createSha256,
    onFault: (fault) => hearer.fault({ ...fault, path, what: `${name}: ${fault.what}` }),
    onProgress: (files) => hearer.progress(name, files),
  });
  hearer.part({ path, name, holds: `${sound} sealed files` });
}

/**
 * Examines the notes of a contributor: the files that are still to be copied, each under its own name, and the place up
 * to which it read each peer's deposits.
 *
 * @param examination - Organisation and folder.
 * @param database - The contributor's.
 */
export async function examineWanted(
  examination: OrganisationExamination,
  database: ServiceDatabase,
): Promise<void> {
  const { organisation, ports, hearer } = examination;
  const path = partPath(examination, 'contributor');
  const name = `${organisation}: contributor`;
  let wanted = 0;
  for await (const [key, value] of database.iterator()) {
    const isCursor = key.startsWith('kept-at/');
    if (!isCursor) wanted += 1;
    const whole = succeeds(() => {
      if (isCursor) return isCursorRow(ports.primitives, key, value);
      const row: unknown = JSON.parse(value);
      return isOfShape(WANTED_FILE, row) && wantedKey(row) === key;
    });
    if (whole) continue;
    const what = `${name}: the note ${key} was altered`;
    hearer.fault({ kind: 'contributor-wanted', path, what, remedy: 'peers' });
  }
  hearer.part({ path, name, holds: `${wanted} files to be copied` });
}

/** Tells whether a row is the place up to which a peer was read, spelt as nodes write it. */
function isCursorRow(primitives: Primitives, key: string, text: string): boolean {
  const cursor = parseCursor(primitives, key, text);
  return cursor !== undefined && cursorRow(primitives, key, cursor) === text;
}
