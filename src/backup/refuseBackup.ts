import { MedsealError } from '../errors/MedsealError.ts';
import type { Files } from '../folder/Files.ts';
import { MANIFEST } from './Manifest.ts';

/**
 * Refuses a folder that is a backup: its node would go on from where the backup ends, and not know that it forgot
 * everything later.
 *
 * @param files - The folder.
 * @throws MedsealError `FOLDER_BACKUP`.
 */
export async function refuseBackup(files: Files): Promise<void> {
  if ((await files.size(MANIFEST)) === undefined) return;
  throw new MedsealError('FOLDER_BACKUP', { path: files.path });
}
