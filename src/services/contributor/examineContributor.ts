import type { Primitives } from '../../crypto/Primitives.ts';
import type { ServiceDatabase } from '../../database/synced.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import { partPath, type OrganisationExamination } from '../examination/OrganisationExamination.ts';
import { isCursorKey, SURPLUS_FILES, surplusKey, wantedKey } from './contributorKeys.ts';
import { DESTROYED_ROWS, readDestroyed } from './destroyedRow.ts';
import { cursorRow, parseCursor } from './depositCursor.ts';
import { SURPLUS_FILE } from './SurplusFiles.ts';
import { WANTED_FILE } from './WantedFile.ts';

/**
 * Examines the notes of a contributor: the files that are still to be copied, each under its own name, and the place up
 * to which it read each peer's deposits.
 *
 * @param examination - Organisation and folder.
 * @param database - The contributor's.
 */
export async function examineContributor(
  examination: OrganisationExamination,
  database: ServiceDatabase,
): Promise<void> {
  const { organisation, keys, ports, hearer } = examination;
  const path = partPath(examination, 'contributor');
  const name = `${organisation}: contributor`;
  let wanted = 0;
  for await (const [key, value] of database.iterator()) {
    const isCursor = isCursorKey(key);
    const isSurplus = key.startsWith(SURPLUS_FILES.gt);
    const isDestroyed = key.startsWith(DESTROYED_ROWS.gt);
    if (!isCursor && !isSurplus && !isDestroyed) wanted += 1;
    const whole = succeeds(() => {
      if (isCursor) return isCursorRow(ports.primitives, key, value);
      if (isDestroyed) return readDestroyed(keys.storage, key, value) !== undefined;
      const row: unknown = JSON.parse(value);
      if (isSurplus) return isOfShape(SURPLUS_FILE, row) && surplusKey(row) === key;
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
