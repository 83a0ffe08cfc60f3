import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { canOthersEnter } from '../folder/canOthersEnter.ts';
import { isOwnFile } from '../folder/isOwnFile.ts';
import { isOwnFolder } from '../folder/isOwnFolder.ts';
import type { ExaminationHearer } from '../services/examination/OrganisationExamination.ts';

/**
 * Examines who can write to a data folder: nobody but its owner to any folder in it, nor to a file that others can come to.
 *
 * @param data - The folder.
 * @param hearer - The receiver of findings.
 */
export async function examineExposure(data: string, hearer: ExaminationHearer): Promise<void> {
  await walk('');

  async function walk(path: string): Promise<void> {
    const folder = join(data, path);
    if (!isOwnFolder(folder, process.getuid?.() === 0)) say(path);
    const canBeEntered = canOthersEnter(await stat(folder));
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const within = join(path, entry.name);
      if (entry.isDirectory()) await walk(within);
      else if (canBeEntered && entry.isFile() && !isOwnFile(await lstat(join(data, within)))) {
        say(within);
      }
    }
  }

  function say(path: string): void {
    const what = `${path === '' ? 'the folder' : path}: others on this machine can write to it`;
    hearer.fault({ kind: 'exposed', path, what, remedy: 'backup' });
  }
}
