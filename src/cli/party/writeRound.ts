import { join, resolve } from 'node:path';
import { writeJsonFile } from '../../folder/jsonFiles.ts';
import { openSharedFolder } from '../../folder/openFolder.ts';

/**
 * Writes a file that goes from member to member of the authority until enough of them signed.
 *
 * @param path - The file.
 * @param value - Its content.
 */
export async function writeRound(path: string, value: unknown): Promise<void> {
  const full = resolve(path);
  const folder = await openSharedFolder(join(full, '..'));
  await writeJsonFile(folder, full.slice(folder.path.length + 1), value);
}
