import { bytesToHex, bytesToUtf8, concatBytes, utf8ToBytes } from '../crypto/bytes.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Files } from '../vault/Files.ts';
import { systemRandom } from './systemRandom.ts';

/**
 * Reads a JSON file.
 *
 * @param files - The folder.
 * @param path - Within the folder.
 * @returns The value, or undefined where there is no such file.
 * @throws MedsealError `FOLDER_FOREIGN` where it is not JSON.
 */
export async function readJsonFile(files: Files, path: string): Promise<unknown> {
  const parts: Uint8Array[] = [];
  try {
    for await (const part of files.read(path)) parts.push(part);
  } catch (error) {
    if (isMedsealError(error, 'FILE_ABSENT')) return undefined;
    throw error;
  }
  try {
    return JSON.parse(bytesToUtf8(concatBytes(...parts)));
  } catch (cause) {
    const what = `${path} is not JSON`;
    throw new MedsealError('FOLDER_FOREIGN', { path: files.path, what }, { cause });
  }
}

/**
 * Writes a JSON file, durably and at once: a crash leaves the old one or the new one.
 *
 * @param files - The folder.
 * @param path - Within the folder; folders above it are made.
 * @param value - What JSON can carry.
 * @throws MedsealError `FOLDER_UNWRITABLE`.
 */
export async function writeJsonFile(files: Files, path: string, value: unknown): Promise<void> {
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
  if (folder !== '') await files.makeFolder(folder);
  const arriving = `${path}.${bytesToHex(systemRandom(6)).slice(2)}`;
  await files.write(arriving, once(utf8ToBytes(`${JSON.stringify(value, null, 2)}\n`)));
  await files.rename(arriving, path);
  await files.syncFolder(folder);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
  await Promise.resolve();
}
