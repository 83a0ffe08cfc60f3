import type { ByteStream, SealBlob } from '../../../src/client/index.ts';
import { MedsealError } from '../../../src/errors/MedsealError.ts';
import { openSealedFolder } from '../worker/openSealedFolder.ts';
import { piecesOf } from '../worker/piecesOf.ts';
import { runInWorker, type WorkerOptions } from '../worker/runInWorker.ts';

/** Milliseconds after which a sealed file that was not removed belongs to no upload: the page was closed meanwhile. */
const LEFT = 86_400_000;

/**
 * Makes the port that seals files in a worker, into the browser's private file system: neither the page nor the worker holds
 * the file in memory.
 *
 * @param options - Ends it early, and hears of its progress.
 * @returns The port; it throws MedsealError `DEVICE_FULL`, `FILE_CHANGED`.
 */
export function sealInWorker(options: WorkerOptions): SealBlob {
  return async ({ blob, head, key }) => {
    await removeLeft();
    const name = crypto.randomUUID();
    try {
      const job = { kind: 'seal', blob, head, key, name } as const;
      const { hash, blob: held } = await runInWorker<'seal'>(job, options);
      const file = held ?? (await fileIn(name));
      const spooled = { read: () => streamOf(file), discard: async () => await remove(name) };
      return { hash, size: file.size, spooled };
    } catch (error) {
      await remove(name);
      throw error;
    } finally {
      key.fill(0);
    }
  };
}

/** Returns a browser's file as a stream, with the file itself. */
export function streamOf(blob: Blob): ByteStream {
  return Object.assign(piecesOf(blob), { blob });
}

async function fileIn(name: string): Promise<Blob> {
  const file = await (await openSealedFolder())?.getFileHandle(name);
  if (file === undefined) throw new MedsealError('DEVICE_FULL', {});
  return await file.getFile();
}

async function remove(name: string): Promise<void> {
  const folder = await openSealedFolder();
  // A worker that was just ended may still hold the file; it is removed as one that was left, a day later.
  await folder?.removeEntry(name).catch(() => undefined);
}

async function removeLeft(): Promise<void> {
  const folder = await openSealedFolder();
  if (folder === undefined) return;
  for await (const [name, entry] of folder.entries()) {
    if (!(entry instanceof FileSystemFileHandle)) continue;
    const { lastModified } = await entry.getFile();
    if (lastModified < Date.now() - LEFT) await remove(name);
  }
}
