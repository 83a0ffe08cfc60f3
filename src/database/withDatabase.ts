import { existsSync } from 'node:fs';
import { isReadable } from './files/examineDatabaseFiles.ts';
import { LevelDatabase } from './LevelDatabase.ts';
import { haltAfterFailure } from './haltAfterFailure.ts';
import type { LocalDatabase } from './synced.ts';

const LENIENT = { onAltered: () => undefined };

/**
 * Works with a database of a stopped node, and closes it. One that is absent or cannot be read is passed over. Rows that are not
 * as they were written read as absent, so that those that can be derived are written again.
 *
 * @param path - Its folder.
 * @param work - Work with the database, open.
 */
export async function withDatabase(
  path: string,
  work: (database: LocalDatabase) => Promise<unknown>,
): Promise<void> {
  if (!existsSync(path) || !(await isReadable(path))) return;
  const database = haltAfterFailure(new LevelDatabase(path, {}, LENIENT), path);
  try {
    await database.open();
    await work(database);
  } finally {
    await database.close();
  }
}
