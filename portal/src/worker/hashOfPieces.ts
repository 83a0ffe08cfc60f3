import { browserFault } from './browserFault.ts';
import { piecesOf } from './piecesOf.ts';
import type { WorkerOptions } from './runInWorker.ts';

/**
 * Hashes a file by its pieces: the SHA-256 of the SHA-256 of each. The browser does each by itself, beside the page and
 * several times faster than JavaScript; of a whole file it can do that only in memory.
 *
 * @param blob - The file.
 * @param options - Ends it early, and hears of its progress.
 * @returns 32 bytes, the same of the same content; another value than the file's SHA-256.
 * @throws MedsealError `FILE_CHANGED` if the file changed or went away since it was chosen; the signal's reason if it was
 * ended early.
 */
export async function hashOfPieces(
  blob: Blob,
  { signal, onBytes }: WorkerOptions,
): Promise<Uint8Array> {
  const hashes: number[] = [];
  let bytes = 0;
  try {
    for await (const piece of piecesOf(blob)) {
      signal?.throwIfAborted();
      hashes.push(...(await sha256(piece)));
      onBytes?.((bytes += piece.length));
    }
  } catch (error) {
    throw browserFault(error);
  }
  return await sha256(Uint8Array.from(hashes));
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}
