import type { ArchiveFile, ArchiveSource } from '../../../src/client/index.ts';

/** Bytes that are collected before they become a blob, which the browser may keep on the disk. */
const COLLECTED = 4 * 2 ** 20;

/** An archive that a page makes, to be saved once it is whole. */
export interface BlobArchive extends ArchiveFile {
  /** All of it. */
  blob(): Blob;
}

/** Makes an empty archive out of blobs, so that the page's memory stays flat. */
export function blobArchive(): BlobArchive {
  let parts: Blob[] = [];
  let collected: Uint8Array<ArrayBuffer>[] = [];
  let waiting = 0;
  const flush = (): void => {
    if (waiting > 0) parts.push(new Blob(collected));
    collected = [];
    waiting = 0;
  };
  const blob = (): Blob => {
    flush();
    return new Blob(parts, { type: 'application/x-tar' });
  };
  return {
    blob,
    size: async () => await Promise.resolve(blob().size),
    read: (from, to) => piecesOf(blob().slice(from, to)),
    async append(bytes) {
      collected.push(Uint8Array.from(bytes));
      waiting += bytes.length;
      if (waiting >= COLLECTED) flush();
      await Promise.resolve();
    },
    async truncate(size) {
      parts = [blob().slice(0, size)];
      await Promise.resolve();
    },
    sync: async () => await Promise.resolve(),
  };
}

/**
 * An archive that a person chose.
 *
 * @param file - The file.
 */
export function fileArchive(file: Blob): ArchiveSource {
  return {
    size: async () => await Promise.resolve(file.size),
    read: (from, to) => piecesOf(file.slice(from, to)),
  };
}

async function* piecesOf(blob: Blob): AsyncGenerator<Uint8Array> {
  const reader = blob.stream().getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel();
  }
}
