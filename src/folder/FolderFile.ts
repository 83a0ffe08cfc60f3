import { MedsealError } from '../errors/MedsealError.ts';
import type { Organisation } from '../protocol/ids.ts';
import type { Files } from './Files.ts';
import { areOrganisations } from './Founding.ts';
import { readJsonFile, writeJsonFile } from './jsonFiles.ts';

/**
 * Version of a folder's layout that this code writes. It stands for the formats of all stores in the folder: whoever
 * changes one of them adds a layout, and a step of `migrations` that leads there.
 */
export const FOLDER_FORMAT = 8;

/** The first layout that has a `folder.json`. */
const OLDEST = 3;

/** `folder.json`: the organisations of a node's folder, written before anything else. */
export interface FolderFile {
  /** Version of the folder's layout; an earlier one until the node starts and migrates it. */
  readonly format: number;
  /** True if its keys are a demonstration's: random, unencrypted, and refused elsewhere. */
  readonly demo: boolean;
  /** The organisations whose nodes are in it: all of a network in one process, else one. */
  readonly hosts: readonly Organisation[];
}

const NAME = 'folder.json';

/**
 * Reads `folder.json`.
 *
 * @param files - The folder.
 * @returns Undefined if it was never used.
 * @throws MedsealError `FOLDER_FOREIGN`, `FOLDER_NEWER`.
 */
export async function readFolderFile(files: Files): Promise<FolderFile | undefined> {
  const value = await readJsonFile(files, NAME);
  if (value === undefined) return undefined;
  const { path } = files;
  const { format, demo, hosts } = (value ?? {}) as Partial<FolderFile>;
  if (typeof format === 'number' && format > FOLDER_FORMAT) {
    throw new MedsealError('FOLDER_NEWER', { path, found: format, known: FOLDER_FORMAT });
  }
  const known = typeof format === 'number' && Number.isSafeInteger(format) && format >= OLDEST;
  if (!known || typeof demo !== 'boolean' || !areOrganisations(hosts)) {
    throw new MedsealError('FOLDER_FOREIGN', { path, what: `${NAME} is malformed` });
  }
  return { format, demo, hosts };
}

/**
 * Writes `folder.json`, durably.
 *
 * @param files - The folder.
 * @param folder - Its value.
 */
export async function writeFolderFile(
  files: Files,
  folder: Omit<FolderFile, 'format'>,
): Promise<FolderFile> {
  const file = { format: FOLDER_FORMAT, ...folder };
  await writeJsonFile(files, NAME, file);
  return file;
}
