import { randomBytes } from 'node:crypto';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { MedsealError } from '../../errors/MedsealError.ts';

/**
 * Makes a folder for its owner alone, with those above it that are missing, and writes a file there for a moment. So whoever
 * saves something there later learns now that it cannot be.
 *
 * @param folder - The folder; it may be there.
 * @throws MedsealError `FOLDER_UNWRITABLE`.
 */
export async function makeWritableFolder(folder: string): Promise<void> {
  const path = resolve(folder);
  const probe = join(path, `.medseal-${randomBytes(6).toString('hex')}`);
  try {
    await make(path);
    await writeFile(probe, '', { flag: 'wx', mode: 0o600 });
    await rm(probe);
  } catch (cause) {
    throw new MedsealError('FOLDER_UNWRITABLE', { path }, { cause });
  }
}

/** One by one: a `mkdir` that makes all never ends in a file system that refuses with "no such file", such as /proc. */
async function make(path: string): Promise<void> {
  const above = dirname(path);
  if (above !== path && !(await isThere(above))) await make(above);
  await mkdir(path, { mode: 0o700 }).catch(async (error: unknown) => {
    if (!(await isThere(path))) throw error;
  });
}

async function isThere(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() === true;
}
