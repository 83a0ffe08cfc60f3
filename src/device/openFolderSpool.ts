import { mkdir, open, readdir, rm, type FileHandle } from 'node:fs/promises';
import type { Spool } from '../client/party/Spool.ts';
import { bytesToHex } from '../crypto/bytes.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { FileWriter } from '../folder/FileWriter.ts';
import { systemRandom } from '../folder/systemRandom.ts';

/**
 * Opens a spool in a folder, for files of any size: sealed, like everything in a spool, of mode 0600, and without a
 * name before their first byte, so that a process that is killed leaves none of their content. If it is killed before
 * the name is removed, it leaves an empty file, which the next use removes.
 *
 * @param path - The folder; it is made if it does not exist.
 */
export function openFolderSpool(path: string): Spool {
  return {
    async fill(content) {
      const file = await nameless(path);
      const writer = new FileWriter(file, { lasting: false });
      try {
        for await (const piece of content) await writer.write(piece);
        await writer.end();
      } catch (error) {
        await writer.close();
        throw error;
      }
      let closed = false;
      return {
        read: () => piecesOf(file),
        async discard() {
          if (closed) return;
          closed = true;
          await file.close();
        },
      };
    },
  };
}

/** Bytes that are read at once. */
const PIECE = 2 ** 20;

const ENDING = '.spooled';

/** Reads a file from its beginning, each reader at its own place: a stream of the file that is left early ends the others. */
async function* piecesOf(file: FileHandle): AsyncGenerator<Uint8Array> {
  for (let position = 0; ;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(PIECE), 0, PIECE, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

async function nameless(path: string): Promise<FileHandle> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    const file = await open(
      `${path}/${bytesToHex(systemRandom(16)).slice(2)}${ENDING}`,
      'wx+',
      0o600,
    );
    await removeNames(path);
    return file;
  } catch (cause) {
    throw new MedsealError('FOLDER_UNWRITABLE', { path }, { cause });
  }
}

/** Removes all names. A file that is open in another process is not lost, for that process removes its name as well. */
async function removeNames(path: string): Promise<void> {
  const names = (await readdir(path)).filter((name) => name.endsWith(ENDING));
  await Promise.all(names.map(async (name) => await rm(`${path}/${name}`, { force: true })));
}
