import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { MedsealError } from '../../errors/MedsealError.ts';
import { readFolderFile, type FolderFile } from '../../folder/FolderFile.ts';
import type { Files } from '../../folder/Files.ts';
import { openFolder } from '../../folder/openFolder.ts';

/** The folder of a node, with what its first file says. */
export interface NodeFolderRead {
  readonly files: Files;
  readonly folder: FolderFile;
}

/**
 * Opens the folder of a node without making one.
 *
 * @param data - The folder.
 * @throws MedsealError `NODE_ABSENT` if there is no node in it; `FOLDER_FOREIGN`.
 */
export async function readNodeFolder(data: string): Promise<NodeFolderRead> {
  const path = resolve(data);
  if (!existsSync(path)) throw new MedsealError('NODE_ABSENT', { path });
  const files = await openFolder(path);
  const folder = await readFolderFile(files);
  if (folder === undefined) throw new MedsealError('NODE_ABSENT', { path });
  return { files, folder };
}
