import { existsSync } from 'node:fs';
import { rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MedsealError } from '../errors/MedsealError.ts';
import { openSharedFolder } from '../folder/openFolder.ts';
import type { BackupTarget } from './BackupTarget.ts';
import { syncFolder } from './syncFolder.ts';

/**
 * Makes a backup as a folder with the files as they are in the data folder; its manifest comes last, so that an
 * interrupted backup has none.
 *
 * @param path - The folder, which is absent or empty.
 * @throws MedsealError `FOLDER_UNWRITABLE`; `FOLDER_FOREIGN` if something is in it.
 */
export async function folderTarget(path: string): Promise<BackupTarget> {
  const isFresh = !existsSync(path);
  const files = await openSharedFolder(path);
  if ((await files.list('')).length > 0) {
    throw new MedsealError('FOLDER_FOREIGN', { path, what: 'it is not empty' });
  }
  const folders = new Set<string>();
  const made = new Set<string>();
  return {
    async write(name, _size, content) {
      made.add(name.split('/')[0] ?? '');
      const folder = name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : '';
      if (folder !== '' && !folders.has(folder)) {
        await files.makeFolder(folder);
        folders.add(folder);
      }
      await files.write(name, content);
    },
    async finish() {
      for (const folder of folders) await files.syncFolder(folder);
      await files.syncFolder('');
      await syncFolder(dirname(files.path));
    },
    async abandon() {
      for (const name of made) await rm(join(files.path, name), { recursive: true, force: true });
      if (isFresh) await rmdir(files.path);
    },
  };
}
