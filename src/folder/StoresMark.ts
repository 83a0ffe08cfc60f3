import { MedsealError } from '../errors/MedsealError.ts';
import type { Organisation } from '../protocol/ids.ts';
import { OneOf } from '../protocol/wire/findShapeError.ts';
import { parseShape } from '../protocol/wire/parseShape.ts';
import type { Files } from './Files.ts';
import { openFolder } from './openFolder.ts';
import { readJsonFile, writeJsonFile } from './jsonFiles.ts';

/** File in an organisation's folder that says where its stores are; absent if they were always here. */
export const STORES_FILE = 'stores.json';

/** The place of an organisation's stores. */
export interface StoresMark {
  /** Random, in hexadecimal; the server has it too, so that no other folder uses the same stores. */
  readonly id: string;
  readonly at: 'folder' | 'postgres';
}

const SHAPE = {
  format: new OneOf('medseal-stores/1'),
  id: 'text',
  at: new OneOf('folder', 'postgres'),
} as const;

/**
 * Reads where the stores of an organisation are.
 *
 * @param files - Its folder.
 * @returns Undefined if they were always there.
 * @throws MedsealError `FOLDER_FOREIGN` if the file is malformed.
 */
export async function readStoresMark(files: Files): Promise<StoresMark | undefined> {
  const content = await readJsonFile(files, STORES_FILE);
  if (content === undefined) return undefined;
  const malformed = (): MedsealError =>
    new MedsealError('FOLDER_FOREIGN', { path: files.path, what: `${STORES_FILE} is malformed` });
  const { id, at } = parseShape(SHAPE, content, STORES_FILE, malformed);
  if (!/^[0-9a-f]{32}$/.test(id)) throw malformed();
  return { id, at };
}

/**
 * Notes durably where the stores of an organisation are.
 *
 * @param files - Its folder.
 * @param mark - The place.
 */
export async function writeStoresMark(files: Files, { id, at }: StoresMark): Promise<void> {
  await writeJsonFile(files, STORES_FILE, { format: 'medseal-stores/1', id, at });
}

/**
 * Requires that the stores of an organisation are in its folder: databases that are there too are of before.
 *
 * @param files - Its folder.
 * @param organisation - For the message.
 * @throws MedsealError `STORES_ELSEWHERE`.
 */
export async function requireStoresHere(files: Files, organisation: Organisation): Promise<void> {
  const mark = await readStoresMark(files);
  if (mark?.at === 'postgres') throw new MedsealError('STORES_ELSEWHERE', { organisation });
}

/**
 * Requires that the stores of all organisations of a data folder are in it.
 *
 * @param files - The data folder.
 * @throws MedsealError `STORES_ELSEWHERE`.
 */
export async function requireAllStoresHere(files: Files): Promise<void> {
  for (const organisation of await files.list('node')) {
    if ((await files.size(`node/${organisation}/${STORES_FILE}`)) === undefined) continue;
    await requireStoresHere(await openFolder(`${files.path}/node/${organisation}`), organisation);
  }
}
