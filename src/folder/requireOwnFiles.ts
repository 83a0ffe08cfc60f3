import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { MedsealError } from '../errors/MedsealError.ts';
import { canOthersEnter } from './canOthersEnter.ts';
import { isOwnFile } from './isOwnFile.ts';

/**
 * Requires that others can write to no file in a folder, if they can enter it. LevelDB makes its files with whatever the
 * process's mask leaves, so those of a folder that nobody else can enter are left alone.
 *
 * @param path - The folder.
 * @param names - Names of the files; all that it holds if absent.
 * @throws MedsealError `FOLDER_EXPOSED` with the file.
 */
export function requireOwnFiles(path: string, names?: readonly string[]): void {
  const folder = statSync(path, { throwIfNoEntry: false });
  if (folder === undefined || !canOthersEnter(folder)) return;
  for (const name of names ?? readdirSync(path)) {
    const file = join(path, name);
    const found = statSync(file, { throwIfNoEntry: false });
    if (found !== undefined && !isOwnFile(found)) {
      throw new MedsealError('FOLDER_EXPOSED', { path: file });
    }
  }
}
