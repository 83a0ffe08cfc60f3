import { mkdir, open, unlink, type FileHandle } from 'node:fs/promises';
import type { Spool } from '../client/Spool.ts';
import { bytesToHex } from '../crypto/bytes.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { FileWriter } from '../vault/FileWriter.ts';
import { systemRandom } from './systemRandom.ts';

/**
 * A spool in a folder, for files of any size: sealed, like all that goes through a spool, of mode 0600, and without a
 * name from the beginning, so that nothing of them is left behind by a process that is killed.
 *
 * @param path - The folder; it is made where it does not exist.
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
        read: () => file.createReadStream({ start: 0, autoClose: false, highWaterMark: PIECE }),
        async discard() {
          if (closed) return;
          closed = true;
          await file.close();
        },
      };
    },
  };
}

/** Bytes that are read at a time. */
const PIECE = 2 ** 20;

async function nameless(path: string): Promise<FileHandle> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    const name = `${path}/${bytesToHex(systemRandom(16)).slice(2)}.spooled`;
    const file = await open(name, 'wx+', 0o600);
    await unlink(name);
    return file;
  } catch (cause) {
    throw new MedsealError('FOLDER_UNWRITABLE', { path }, { cause });
  }
}
