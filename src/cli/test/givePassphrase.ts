import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ending } from './runMedseal.ts';

/**
 * Has commands read one passphrase for all keys from a file, until a test ends.
 *
 * @param suite - Runs its end.
 * @param folder - Folder for the file.
 */
export async function givePassphrase(suite: Ending, folder: string): Promise<void> {
  const passphrase = join(folder, 'passphrase.txt');
  await writeFile(passphrase, 'five random words are good\n', { mode: 0o600 });
  process.env['MEDSEAL_PASSPHRASE_FILE'] = passphrase;
  suite.after(() => delete process.env['MEDSEAL_PASSPHRASE_FILE']);
}
