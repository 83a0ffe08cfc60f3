import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { concatBytes } from '../crypto/bytes.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { openSharedFolder } from '../folder/openFolder.ts';
import type { BackupSource, SourceFile } from './BackupTarget.ts';
import { linesOf } from './linesOf.ts';
import { isFile, MANIFEST, parseLine } from './Manifest.ts';
import { BLOCK, decodeTarHeader, paddingOf } from './tarFormat.ts';

/** Bytes that are read at once. */
const PIECE = 256 * 1024;

/**
 * Opens a backup: a folder, or a tar archive.
 *
 * @param path - The backup.
 * @throws MedsealError `BACKUP_DAMAGED` if it is not there.
 */
export async function openBackup(path: string): Promise<BackupSource> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw damaged(path, 'it does not exist');
  return found.isDirectory() ? folderSource(path) : tarSource(path);
}

/** Reads the files of a folder in the order of its manifest, which comes last. */
function folderSource(path: string): BackupSource {
  return {
    async *files() {
      const files = await openSharedFolder(path);
      const manifest = await files.size(MANIFEST);
      if (manifest === undefined)
        throw damaged(path, 'it has no manifest: it is not a backup, or was interrupted');
      const lines = linesOf(join(path, MANIFEST));
      for (;;) {
        const next = await lines.next().catch((cause: unknown) => {
          throw damaged(path, 'its manifest cannot be read', cause);
        });
        if (next.done === true) break;
        const file = parseLine(next.value);
        if (!isFile(file)) continue;
        const size = await files.size(file.path);
        if (size === undefined) throw damaged(path, `${file.path} is lost`);
        yield { path: file.path, size, content: () => files.read(file.path, { reuse: true }) };
      }
      yield {
        path: MANIFEST,
        size: manifest,
        content: () => files.read(MANIFEST, { reuse: true }),
      };
    },
  };
}

function tarSource(path: string): BackupSource {
  return {
    async *files() {
      const file = await open(path);
      let at = 0;
      const read = async (length: number): Promise<Uint8Array> => {
        const parts: Uint8Array[] = [];
        for (let left = length; left > 0;) {
          const { bytesRead, buffer } = await file.read(
            new Uint8Array(Math.min(left, PIECE)),
            0,
            null,
            at,
          );
          if (bytesRead === 0) throw damaged(path, 'it was cut off');
          parts.push(buffer.subarray(0, bytesRead));
          [at, left] = [at + bytesRead, left - bytesRead];
        }
        return concatBytes(...parts);
      };
      async function* piecesOf(size: number): AsyncGenerator<Uint8Array> {
        for (let left = size; left > 0; left -= Math.min(left, PIECE)) {
          yield await read(Math.min(left, PIECE));
        }
      }
      try {
        for (;;) {
          const entry = headerIn(await read(BLOCK), path);
          if (entry === undefined) return;
          const end = at + entry.size + paddingOf(entry.size);
          yield { ...entry, content: () => piecesOf(entry.size) } satisfies SourceFile;
          at = end;
        }
      } finally {
        await file.close();
      }
    },
  };
}

function headerIn(block: Uint8Array, path: string): ReturnType<typeof decodeTarHeader> {
  try {
    return decodeTarHeader(block);
  } catch (cause) {
    throw new MedsealError(
      'BACKUP_DAMAGED',
      { path, what: 'it is not an archive, or was altered' },
      { cause },
    );
  }
}

function damaged(path: string, what: string, cause?: unknown): MedsealError {
  return new MedsealError('BACKUP_DAMAGED', { path, what }, { cause });
}
