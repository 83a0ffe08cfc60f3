import { ClassicLevel } from 'classic-level';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Files } from './Files.ts';
import { readJsonFile, writeJsonFile } from './jsonFiles.ts';

/** Options of `lockFolder`. */
export interface LockOptions {
  /** True to put `process.json` back in the end: it tells that a node was killed. */
  readonly leaveAsFound?: boolean;
}

/**
 * Makes this the one process that works on a folder. The lock is the operating system's, held through a database
 * file, so that it ends with the process however that ends.
 *
 * @param files - The folder.
 * @param options - The state in which it leaves the folder.
 * @returns Call it to release the lock.
 * @throws MedsealError `FOLDER_LOCKED` with the process that holds it.
 */
export async function lockFolder(
  files: Files,
  { leaveAsFound = false }: LockOptions = {},
): Promise<() => Promise<void>> {
  const { path } = files;
  if (lockedHere.has(path)) throw new MedsealError('FOLDER_LOCKED', { path, pid: process.pid });
  lockedHere.add(path);
  const database = new ClassicLevel(`${path}/lock`);
  try {
    await database.open();
  } catch (cause) {
    lockedHere.delete(path);
    if (!isLocked(cause)) throw new MedsealError('FOLDER_UNWRITABLE', { path }, { cause });
    const { pid } = ((await readJsonFile(files, 'process.json')) ?? { pid: 0 }) as { pid: number };
    throw new MedsealError('FOLDER_LOCKED', { path, pid }, { cause });
  }
  const before = await readJsonFile(files, 'process.json').catch(() => undefined);
  const unlock = async (): Promise<void> => {
    try {
      if (leaveAsFound && before !== undefined) await writeJsonFile(files, 'process.json', before);
      else await files.remove('process.json');
    } finally {
      await database.close();
      lockedHere.delete(path);
    }
  };
  await writeJsonFile(files, 'process.json', { pid: process.pid }).catch(async (error: unknown) => {
    await unlock();
    throw error;
  });
  return unlock;
}

/**
 * Folders that this process holds. POSIX ends a process's lock on a file as soon as it closes any handle of that
 * file, so a second attempt of the same process must not even open it.
 */
const lockedHere = new Set<string>();

function isLocked(error: unknown): boolean {
  const { cause } = error as { cause?: { code?: unknown } };
  return cause?.code === 'LEVEL_LOCKED';
}
