import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFolderFile } from '../../folder/FolderFile.ts';
import { openFolder } from '../../folder/openFolder.ts';
import type { People } from './startPeople.ts';

/**
 * Makes a folder as an organisation has it that keeps its keys to itself.
 *
 * @param people - A network in one folder.
 * @param organisation - One of it.
 */
export async function ownFolderOf(people: People, organisation: string): Promise<string> {
  const folder = join(people.folder, organisation);
  for (const part of ['node', 'authority']) {
    await mkdir(join(folder, part, organisation), { recursive: true });
    const keys = `${part}/${organisation}/keys.json`;
    await copyFile(join(people.network, keys), join(folder, keys));
  }
  for (const file of ['network.json', 'home.json']) {
    await copyFile(join(people.network, file), join(folder, file));
  }
  await writeFolderFile(await openFolder(folder), { demo: true, hosts: [organisation] });
  return folder;
}
