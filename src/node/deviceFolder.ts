import type { DeviceStore } from '../client/DeviceStore.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { openFolder } from '../vault/openFolder.ts';
import { readJsonFile, writeJsonFile } from './jsonFiles.ts';

/**
 * A party's device as a folder: one file of mode 0600 for each value.
 *
 * @param path - The folder; it is made where it does not exist.
 * @throws MedsealError `FOLDER_UNWRITABLE`.
 */
export async function openDeviceFolder(path: string): Promise<DeviceStore> {
  const files = await openFolder(path);
  return {
    read: async (name) => await readJsonFile(files, fileOf(name)),
    write: async (name, value) => await writeJsonFile(files, fileOf(name), value),
  };
}

function fileOf(name: string): string {
  if (!/^[a-z0-9-]+$/.test(name)) throw new MedsealError('FOLDER_OUTSIDE', {});
  return `device/${name}.json`;
}
