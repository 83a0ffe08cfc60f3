import { concatBytes } from '../../../crypto/bytes.ts';
import type { ArchiveFile } from '../ArchiveFile.ts';

/** An archive in memory. */
export interface MemoryArchive extends ArchiveFile {
  /** All of it. */
  bytes(): Uint8Array;
}

/**
 * Makes an archive in memory.
 *
 * @param content - Its first bytes.
 * @param most - Number of bytes after which adding fails, as if the process had ended there.
 */
export function memoryArchive(
  content: Uint8Array = new Uint8Array(),
  most = Infinity,
): MemoryArchive {
  let all = content;
  return {
    size: async () => await Promise.resolve(all.length),
    async *read(from, to) {
      for (let at = from; at < to; at += 70_000) yield all.subarray(at, Math.min(to, at + 70_000));
      await Promise.resolve();
    },
    async append(bytes) {
      all = concatBytes(all, bytes).subarray(0, most);
      if (all.length === most) throw new Error('the process ended');
      await Promise.resolve();
    },
    async truncate(size) {
      all = all.subarray(0, size);
      await Promise.resolve();
    },
    sync: async () => await Promise.resolve(),
    bytes: () => all,
  };
}
