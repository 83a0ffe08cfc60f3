import { writeJsonFile } from '../../folder/jsonFiles.ts';
import type { Files } from '../../folder/Files.ts';
import { memoryFiles } from '../../folder/test/memoryFiles.ts';
import { STORE_FILE } from '../markedStore.ts';

/**
 * A vault's folder with the id by which it marks a store at a server.
 *
 * @param byte - Of folders with the same, each is the same folder.
 */
export async function markedFiles(byte = '5a'): Promise<Files> {
  const files = memoryFiles();
  const id = `0x${byte.repeat(16)}`;
  await writeJsonFile(files, STORE_FILE, { format: 'medseal-store/1', id });
  return files;
}
