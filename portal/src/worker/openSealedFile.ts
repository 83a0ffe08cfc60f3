import { openSealedFolder } from './openSealedFolder.ts';

/** Handle of a file as only workers have it (WHATWG File System); TypeScript's library of pages lacks it. */
interface WritableHandle {
  createSyncAccessHandle(): Promise<{
    write(bytes: Uint8Array): number;
    flush(): void;
    close(): void;
  }>;
}

/** A sealed file that is being written. */
export interface SealedFile {
  write(piece: Uint8Array): void;
  /**
   * Ends the file.
   * @returns The file itself if it could not be kept under its name.
   */
  end(): Promise<Blob | undefined>;
  /** Removes what was written. */
  drop(): Promise<void>;
}

/**
 * Opens a sealed file for writing in the browser's private file system (OPFS), from within a worker. A browser that has
 * none, as in some private windows, keeps the file as a blob.
 *
 * @param name - Name of the file.
 * @throws DOMException `QuotaExceededError` from `write` if the browser's storage is full.
 */
export async function openSealedFile(name: string): Promise<SealedFile> {
  const folder = await openSealedFolder();
  if (folder === undefined) return inBlobs();
  const file = await folder.getFileHandle(name, { create: true });
  const handle = await (file as unknown as WritableHandle).createSyncAccessHandle();
  return {
    write(piece) {
      let at = 0;
      while (at < piece.length) at += handle.write(piece.subarray(at));
    },
    async end() {
      handle.flush();
      handle.close();
      return await Promise.resolve(undefined);
    },
    async drop() {
      handle.close();
      await folder.removeEntry(name);
    },
  };
}

/** Each piece goes to the browser's own storage of blobs at once, which puts large ones on disk. */
function inBlobs(): SealedFile {
  let pieces: Blob[] = [];
  return {
    write(piece) {
      pieces.push(new Blob([Uint8Array.from(piece)]));
    },
    end: async () => await Promise.resolve(new Blob(pieces)),
    async drop() {
      pieces = [];
      await Promise.resolve();
    },
  };
}
