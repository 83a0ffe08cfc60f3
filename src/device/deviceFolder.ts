import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { DeviceStore } from '../client/party/DeviceStore.ts';
import { bytesToHex } from '../crypto/bytes.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Hex } from '../protocol/ids.ts';
import type { Files } from '../folder/Files.ts';
import { openFolder } from '../folder/openFolder.ts';
import { requireOwnFolder } from '../folder/requireOwnFolder.ts';
import { readJsonFile, writeJsonFile } from '../folder/jsonFiles.ts';

/** Folder of the values within a party's. */
const FOLDER = 'device';

/**
 * Opens a party's device as a folder: one file of mode 0600 for each value.
 *
 * @param path - The folder; it is made if it does not exist.
 * @throws MedsealError `FOLDER_EXPOSED`, `FOLDER_UNWRITABLE`.
 */
export async function openDeviceFolder(path: string): Promise<DeviceStore> {
  requireOwnFolder(path, join(path, 'device'));
  const files = await openFolder(path);
  return {
    read: async (name) => await readDeviceFile(files, fileOf(name)),
    write: async (name, value) => {
      if (value === null) {
        if ((await files.size(fileOf(name))) === undefined) return;
        await files.remove(fileOf(name));
        await files.syncFolder(FOLDER);
        return;
      }
      await writeJsonFile(files, fileOf(name), { sum: sumOf(fileOf(name), value), value });
    },
  };
}

/**
 * Reads a value that a device stores.
 *
 * @param files - The party's folder.
 * @param path - Within the folder.
 * @returns The value, or undefined if there is no such file.
 * @throws MedsealError `FOLDER_FOREIGN` if the file was damaged.
 */
export async function readDeviceFile(files: Files, path: string): Promise<unknown> {
  const stored = await readJsonFile(files, path);
  if (stored === undefined) return undefined;
  const { sum, value, ...others } = Object(stored) as {
    readonly sum?: unknown;
    readonly value?: unknown;
  };
  if (sum !== sumOf(path, value) || Object.keys(others).length > 0) {
    throw new MedsealError('FOLDER_FOREIGN', { path: files.path, what: `${path} was damaged` });
  }
  return value;
}

/** Checksum that shows damage, not malice: whoever can write the file can write this too. */
function sumOf(path: string, value: unknown): Hex {
  return bytesToHex(
    createHash('sha256')
      .update(`${path} ${JSON.stringify(value)}`)
      .digest()
      .subarray(0, 16),
  );
}

function fileOf(name: string): string {
  if (!/^[a-z0-9-]+$/.test(name)) throw new MedsealError('FOLDER_OUTSIDE', {});
  return `${FOLDER}/${name}.json`;
}
