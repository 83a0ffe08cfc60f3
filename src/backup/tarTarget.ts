import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MedsealError } from '../errors/MedsealError.ts';
import { seconds, type Clock } from '../protocol/Clock.ts';
import type { BackupTarget } from './BackupTarget.ts';
import { syncFolder } from './syncFolder.ts';
import { BLOCK, encodeTarHeader, paddingOf } from './tarFormat.ts';

/**
 * Makes a backup as one tar archive, which gets its name once it is whole.
 *
 * @param path - The file, which must not exist.
 * @param clock - For the times in the archive.
 * @throws MedsealError `FOLDER_UNWRITABLE`; `ARGUMENT_INVALID` if there is a file.
 */
export async function tarTarget(path: string, clock: Clock): Promise<BackupTarget> {
  const arriving = `${path}.part`;
  const file = await writing(async () => await open(arriving, 'w', 0o600));

  async function put(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at)).bytesWritten;
  }

  async function writing<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (cause) {
      if (cause instanceof MedsealError) throw cause;
      throw new MedsealError('FOLDER_UNWRITABLE', { path: dirname(path) }, { cause });
    }
  }

  return {
    async write(name, size, content) {
      await writing(async () => await put(encodeTarHeader({ path: name, size }, seconds(clock))));
      for await (const bytes of content) await writing(async () => await put(bytes));
      await writing(async () => await put(new Uint8Array(paddingOf(size))));
    },
    async finish() {
      await writing(async () => {
        await put(new Uint8Array(2 * BLOCK));
        await file.sync();
        await file.close();
        await rename(arriving, path);
        await syncFolder(dirname(path));
      });
    },
    async abandon() {
      await file.close().catch(() => undefined);
      await rm(arriving, { force: true });
    },
  };
}
