import { checksumOf } from '../../database/rows/checksumOf.ts';
import type { Files } from '../Files.ts';
import { FOLDER_FILE, readFolderFile, type FolderStatement } from '../FolderFile.ts';
import { writeJsonFile } from '../jsonFiles.ts';

/**
 * Has `folder.json` state what another version would, with a checksum that fits.
 *
 * @param files - A folder of the present layout.
 * @param version - That version.
 * @param others - Its formats where they differ.
 * @param layout - Its layout; the present one if absent.
 */
export async function writeStated(
  files: Files,
  version: string,
  others: FolderStatement['stores'],
  layout?: number,
): Promise<void> {
  const file = await readFolderFile(files);
  const { demo, hosts, stated } = file ?? {};
  const format = layout ?? file?.format;
  const stores = { ...stated?.stores, ...others };
  const text = JSON.stringify([version, Object.entries(stores)]);
  const sum = checksumOf(FOLDER_FILE, JSON.stringify([format, demo, hosts, text]));
  await writeJsonFile(files, FOLDER_FILE, { format, demo, hosts, version, stores, sum });
}
