import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { openSharedFolder } from '../../folder/openFolder.ts';

/**
 * Makes a folder for its owner alone, with those above it that are missing, and writes a file there for a moment. So whoever
 * saves something there later learns now that it cannot be.
 *
 * @param folder - The folder; it may be there.
 * @throws MedsealError `FOLDER_UNWRITABLE`.
 */
export async function makeWritableFolder(folder: string): Promise<void> {
  const files = await openSharedFolder(resolve(folder));
  const probe = `.medseal-${randomBytes(6).toString('hex')}`;
  await files.write(probe, nothing());
  await files.remove(probe);
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // A file without bytes shows as well that one can be written.
}
