import { ClassicLevel } from 'classic-level';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Files } from '../vault/Files.ts';
import { readJsonFile, writeJsonFile } from './jsonFiles.ts';

/**
 * Makes this the one process that works on a folder. The lock is the operating system's, held through a database
 * file, so that it ends with the process however that ends.
 *
 * @param files - The folder.
 * @returns Call it to let go.
 * @throws MedsealError `FOLDER_LOCKED` with the process that holds it.
 */
export async function lockFolder(files: Files): Promise<() => Promise<void>> {
  const database = new ClassicLevel(`${files.path}/lock`);
  try {
    await database.open();
  } catch (cause) {
    if (!isLocked(cause))
      throw new MedsealError('FOLDER_UNWRITABLE', { path: files.path }, { cause });
    const { pid } = ((await readJsonFile(files, 'process.json')) ?? { pid: 0 }) as { pid: number };
    throw new MedsealError('FOLDER_LOCKED', { path: files.path, pid }, { cause });
  }
  await writeJsonFile(files, 'process.json', { pid: process.pid });
  return async () => {
    await files.remove('process.json');
    await database.close();
  };
}

function isLocked(error: unknown): boolean {
  const { cause } = error as { cause?: { code?: unknown } };
  return cause?.code === 'LEVEL_LOCKED';
}
