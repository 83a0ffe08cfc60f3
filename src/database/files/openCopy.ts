import { LevelDatabase } from '../LevelDatabase.ts';
import type { RowChecks } from '../rows/checkRows.ts';
import { isReadable } from './examineDatabaseFiles.ts';
import { linkDatabase } from './linkDatabase.ts';

/**
 * Opens a copy of a database, for LevelDB changes a database that it opens.
 *
 * @param from - Its folder; nothing may write to it meanwhile.
 * @param to - A folder that does not exist, on the same disk.
 * @param onAltered - As in `checkRows`.
 * @throws Error if it cannot be copied, or LevelDB must not or cannot open it.
 */
export async function openCopy(
  from: string,
  to: string,
  onAltered?: RowChecks['onAltered'],
): Promise<LevelDatabase> {
  await linkDatabase(from, to);
  if (!(await isReadable(to))) throw new Error(`${from} holds records that no database wrote`);
  // Not before: the constructor begins to open it.
  const database = new LevelDatabase(to, {}, onAltered && { onAltered });
  await database.open();
  return database;
}
