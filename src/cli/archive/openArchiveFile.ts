import { constants } from 'node:fs';
import { open, lstat, type FileHandle } from 'node:fs/promises';
import type { ArchiveFile } from '../../client/archive/ArchiveFile.ts';
import { MedsealError } from '../../errors/MedsealError.ts';

/** Bytes that are read at once. */
const PIECE = 2 ** 20;

/** An archive on the disk that is open. */
export interface OpenArchive extends ArchiveFile {
  /** Closes it. */
  close(): Promise<void>;
}

/**
 * Opens an archive on the disk, for its owner alone (mode 0600). One that is not there yet is made with its first byte. A link is
 * not followed, and a file of somebody else, or with a second name, is not written to.
 *
 * @param path - The file; its folder exists.
 * @param use - `write`: to add to it; `read`: to verify it.
 * @throws MedsealError `ARGUMENT_INVALID` if it cannot be read or written.
 */
export async function openArchiveFile(path: string, use: 'read' | 'write'): Promise<OpenArchive> {
  let handle = await openThere(path, use);
  let size = handle === undefined ? 0 : (await handle.stat()).size;
  const made = async (): Promise<FileHandle> =>
    (handle ??= await orRefused(path, async () => await open(path, 'wx+', 0o600)));
  return {
    size: async () => await Promise.resolve(size),
    async *read(from, to) {
      const there = handle;
      if (there === undefined) return;
      for (let at = from; at < to;) {
        const piece = new Uint8Array(Math.min(PIECE, to - at));
        const { bytesRead } = await orRefused(
          path,
          async () => await there.read(piece, 0, piece.length, at),
        );
        if (bytesRead === 0) return;
        at += bytesRead;
        yield piece.subarray(0, bytesRead);
      }
    },
    async append(bytes) {
      const there = await made();
      for (let written = 0; written < bytes.length;) {
        const { bytesWritten } = await orRefused(
          path,
          async () => await there.write(bytes, written, bytes.length - written, size),
        );
        written += bytesWritten;
        size += bytesWritten;
      }
    },
    async truncate(to) {
      if (handle !== undefined) await handle.truncate(to);
      size = Math.min(size, to);
    },
    async sync() {
      await handle?.sync();
    },
    async close() {
      await handle?.close();
    },
  };
}

async function openThere(path: string, use: 'read' | 'write'): Promise<FileHandle | undefined> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined && use === 'write') return undefined;
  if (found?.isFile() !== true) {
    const reason = found === undefined ? 'the file is not there' : 'it is not a plain file';
    throw new MedsealError('ARGUMENT_INVALID', { argument: path, reason });
  }
  if (use === 'read') return await orRefused(path, async () => await open(path, 'r'));
  const flags = constants.O_RDWR | constants.O_NOFOLLOW;
  const handle = await orRefused(path, async () => await open(path, flags));
  try {
    await makePrivate(path, handle);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Records in the clear go into no file that somebody else put there, or that has another name elsewhere. */
async function makePrivate(path: string, handle: FileHandle): Promise<void> {
  const { uid, nlink } = await handle.stat();
  const own = process.getuid?.() ?? uid;
  if (uid !== own || nlink > 1) {
    const reason = uid === own ? 'the file has another name too' : 'the file is somebody else’s';
    throw new MedsealError('ARGUMENT_INVALID', { argument: path, reason });
  }
  await orRefused(path, async () => await handle.chmod(0o600));
}

async function orRefused<Value>(path: string, run: () => Promise<Value>): Promise<Value> {
  try {
    return await run();
  } catch (cause) {
    const reason = 'the file cannot be read or written';
    throw new MedsealError('ARGUMENT_INVALID', { argument: path, reason }, { cause });
  }
}
