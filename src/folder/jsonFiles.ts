import { bytesToUtf8, concatBytes, utf8ToBytes } from '../crypto/bytes.ts';
import { streamBytes } from '../crypto/sealing/streamBytes.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Files } from './Files.ts';
import { partialName, leftBehind } from './partialFiles.ts';

/** The most bytes that a JSON file may have; nothing here writes a larger one. */
const MOST = 2 ** 27;

/**
 * Reads a JSON file.
 *
 * @param files - The folder.
 * @param path - Within the folder.
 * @param most - The most bytes that it may have.
 * @returns The value, or undefined if there is no such file.
 * @throws MedsealError `FOLDER_FOREIGN` if it is not JSON, is too large, or cannot be read.
 */
export async function readJsonFile(files: Files, path: string, most = MOST): Promise<unknown> {
  const unfit = (what: string, cause?: unknown): MedsealError =>
    new MedsealError('FOLDER_FOREIGN', { path: files.path, what: `${path} ${what}` }, { cause });
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of files.read(path)) {
      size += part.length;
      if (size > most) throw unfit(`has more than ${most} bytes`);
      parts.push(part);
    }
  } catch (error) {
    if (isMedsealError(error, 'FILE_ABSENT')) return undefined;
    throw isMedsealError(error) ? error : unfit('cannot be read', error);
  }
  try {
    return JSON.parse(bytesToUtf8(concatBytes(...parts)));
  } catch (cause) {
    throw unfit('is not JSON', cause);
  }
}

/**
 * Writes a JSON file, durably and atomically: a crash leaves the old one or the new one; a partial file that it may
 * leave is deleted with the next write.
 *
 * @param files - The folder.
 * @param path - Within the folder; folders above it are made.
 * @param value - Any JSON value.
 * @throws MedsealError `FOLDER_UNWRITABLE`.
 */
export async function writeJsonFile(files: Files, path: string, value: unknown): Promise<void> {
  const slash = path.lastIndexOf('/');
  const folder = path.slice(0, Math.max(0, slash));
  if (folder !== '') await files.makeFolder(folder);
  const arriving = partialName(path);
  try {
    await files.write(arriving, streamBytes(utf8ToBytes(`${JSON.stringify(value, null, 2)}\n`)));
    await files.rename(arriving, path);
  } catch (error) {
    await files.remove(arriving).catch(() => undefined);
    throw error;
  }
  await files.syncFolder(folder);
  for (const name of leftBehind(await files.list(folder), path.slice(slash + 1))) {
    await files.remove(path.slice(0, slash + 1) + name);
  }
}
