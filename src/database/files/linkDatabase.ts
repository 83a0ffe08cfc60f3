import { copyFile, link, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { foreignNames } from './foreignNames.ts';
import { liveFiles, tableName } from './liveFiles.ts';

/** The most attempts, if LevelDB removes files meanwhile. */
const ATTEMPTS = 100;

/**
 * Copies a LevelDB folder in milliseconds: tables, which never change, are linked, everything else is copied. Nothing
 * may write to the database meanwhile; LevelDB may merge tables in the background.
 *
 * @param from - The folder.
 * @param to - A folder that does not exist, on the same disk; elsewhere the tables are copied.
 * @throws Error of the system; ENOENT if a file of the database is lost.
 */
export async function linkDatabase(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await linkOnce(from, to);
      return;
    } catch (error) {
      // LevelDB removes a table that it merged into another as soon as nobody reads it.
      await rm(to, { recursive: true, force: true });
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempt === ATTEMPTS) throw error;
    }
  }
}

async function linkOnce(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  const entries = await readdir(from, { withFileTypes: true });
  const names = entries.map(({ name }) => name);
  if (!names.includes('CURRENT')) return;
  if (foreignNames(entries).length > 0) throw new Error(`${from} is not all files`);
  await copyFile(join(from, 'CURRENT'), join(to, 'CURRENT'));
  const live = await liveFiles(from);
  if (live === undefined) throw new Error(`${from} is not a database`);
  await copyFile(join(from, live.manifest), join(to, live.manifest));
  // The manifest may have grown since: only files that the copy names must be there.
  const copied = await liveFiles(to);
  for (const number of copied?.tables.keys() ?? []) {
    const [name, earlier] = [tableName(number), tableName(number).replace('.ldb', '.sst')];
    const file = names.includes(earlier) ? earlier : name;
    await linkOrCopy(join(from, file), join(to, file));
  }
  for (const log of live.logs) await copyFile(join(from, log), join(to, log));
}

/** Links a file if the disk can and both paths are on it; else copies it. */
export async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw error;
    await copyFile(from, to);
  }
}
