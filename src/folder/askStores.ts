import { isMedsealError } from '../errors/isMedsealError.ts';
import {
  startOf,
  STORE_FORMATS,
  storeFormat,
  type StoreFormat,
  type StoreStart,
} from '../protocol/wire/storeFormats.ts';
import type { Files } from './Files.ts';
import { FOLDER_FILE, statementIn, type FolderStatement } from './FolderFile.ts';
import { readJsonFile } from './jsonFiles.ts';

/** The format of a store in a folder, and what the next start does with it. */
export interface AskedStore {
  readonly store: string;
  /** The file that was asked, or all places of the store; empty if this version does not know it. */
  readonly path: string;
  /** Number of its format; absent if neither the store nor the folder states one. */
  readonly format?: number;
  /** The number that this version writes; 0 if it does not know the store. */
  readonly present: number;
  /** Undefined if nothing states a format: the layout stands for it. */
  readonly start?: StoreStart;
}

/** The stores of a folder, with the formats that they and the folder state. */
export interface AskedFolder {
  /** The version that used it last, if it says so. */
  readonly version?: string;
  readonly stores: readonly AskedStore[];
}

/**
 * Asks each store of a node's folder for its format: files that say it themselves, and `folder.json` about all others. It
 * opens no database and writes nothing, so that a node may run meanwhile.
 *
 * @param files - The folder.
 * @returns The stores that are there, in the order of the table.
 * @throws MedsealError `FOLDER_FOREIGN` if `folder.json` is not JSON.
 */
export async function askStores(files: Files): Promise<AskedFolder> {
  const value = await readJsonFile(files, FOLDER_FILE);
  const stated = statementIn(value);
  const asked: AskedStore[] = [];
  for (const [store, row] of Object.entries<StoreFormat>(STORE_FORMATS)) {
    const places = (
      await Promise.all(row.paths.map(async (path) => await placesOf(files, path)))
    ).flat();
    if (places.length === 0) continue;
    if (!row.saysItself) {
      asked.push(judged(store, row.paths.join(', '), stated?.stores[store]));
      continue;
    }
    for (const place of places) {
      const content = await contentOf(files, place);
      const format = numberIn(content);
      const start: StoreStart = (content !== undefined && row.otherwise) || 'refuses';
      const unnamed = { store, path: place, present: row.number, start };
      asked.push(format === undefined ? unnamed : judged(store, place, format));
    }
  }
  for (const [store, format] of Object.entries(stated?.stores ?? {})) {
    if (storeFormat(store) === undefined) asked.push(judged(store, '', format));
  }
  return { ...versionOf(stated), stores: asked };
}

function versionOf(stated: FolderStatement | undefined): Pick<AskedFolder, 'version'> {
  return stated === undefined ? {} : { version: stated.version };
}

function judged(store: string, path: string, format: number | undefined): AskedStore {
  const row = storeFormat(store);
  const head = { store, path, present: row?.number ?? 0 };
  return format === undefined ? head : { ...head, format, start: startOf(row, format) };
}

/** The content of a file; undefined if it is not JSON. */
async function contentOf(files: Files, path: string): Promise<unknown> {
  try {
    return await readJsonFile(files, path);
  } catch (error) {
    if (isMedsealError(error, 'FOLDER_FOREIGN')) return undefined;
    throw error;
  }
}

/** The number that a file says of its format, as a number or as `medseal-NAME/NUMBER`. */
function numberIn(content: unknown): number | undefined {
  const { format } = (content ?? {}) as { format?: unknown };
  if (typeof format === 'string') {
    const [, digits] = /^medseal-[a-z-]+\/(\d{1,9})$/.exec(format) ?? [];
    return digits === undefined ? undefined : Number(digits);
  }
  return Number.isSafeInteger(format) ? (format as number) : undefined;
}

/** Lists the places at a path of the table. */
async function placesOf(files: Files, path: string): Promise<readonly string[]> {
  let places: readonly string[] = [''];
  for (const part of path.replace(/\/\*\*$/, '').split('/')) {
    const name = new RegExp(`^${part.replaceAll('.', String.raw`\.`).replaceAll('*', '.*')}$`);
    const found: string[] = [];
    for (const place of places) {
      const names = (await files.list(place)).filter((each) => name.test(each)).toSorted();
      found.push(...names.map((each) => (place === '' ? each : `${place}/${each}`)));
    }
    places = found;
  }
  return places;
}
