import { checksumOf } from '../database/rows/checksumOf.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Organisation } from '../protocol/ids.ts';
import { MapOf } from '../protocol/wire/findShapeError.ts';
import { isOfShape } from '../protocol/wire/isOfShape.ts';
import { STORE_FORMATS, storeFormat } from '../protocol/wire/storeFormats.ts';
import type { Files } from './Files.ts';
import { areOrganisations } from './Founding.ts';
import { readJsonFile, writeJsonFile } from './jsonFiles.ts';
import { VERSION } from './version.ts';

/**
 * Version of a folder's layout that this code writes. It stands for the formats of all stores in the folder: whoever
 * changes one of them adds a layout, and a step of `migrations` that leads there.
 */
export const FOLDER_FORMAT = STORE_FORMATS.folder.number;

/** The first layout that has a `folder.json`. */
const OLDEST = 3;
/** The first layout whose `folder.json` states which version wrote it, and the formats of its stores. */
export const STATED_FROM = 9;

/** The organisations whose folder it is. */
export interface FolderOwner {
  /** True if its keys are a demonstration's: random, unencrypted, and refused elsewhere. */
  readonly demo: boolean;
  /** The organisations whose nodes are in it: all of a network in one process, else one. */
  readonly hosts: readonly Organisation[];
}

/** The statement of the version that used a folder last. */
export interface FolderStatement {
  /** The version of Medseal. */
  readonly version: string;
  /** Number of each store's format, by the names of the table, but for files that say it themselves. */
  readonly stores: Readonly<Record<string, number>>;
}

/** `folder.json`: the organisations of a node's folder, written before anything else. */
export interface FolderFile extends FolderOwner {
  /** Version of the folder's layout; an earlier one until the node starts and migrates it. */
  readonly format: number;
  /** Absent in the layouts before 9. */
  readonly stated?: FolderStatement;
}

/** Name of the file. */
export const FOLDER_FILE = 'folder.json';

const STATEMENT = {
  version: /^\d{1,9}\.\d{1,9}\.\d{1,9}(?:-[0-9A-Za-z.-]{1,40})?$/,
  stores: new MapOf(/^[a-z-]{1,31}$/, 'count'),
} as const;

/** The formats that this version writes. */
const STORES: FolderStatement['stores'] = Object.fromEntries(
  Object.entries(STORE_FORMATS).flatMap(([name, { number, saysItself }]) =>
    saysItself ? [] : [[name, number]],
  ),
);

/**
 * Reads `folder.json`.
 *
 * @param files - The folder.
 * @returns Undefined if it was never used.
 * @throws MedsealError `FOLDER_FOREIGN`; `FOLDER_NEWER` if its layout or one of its stores is of a later version.
 */
export async function readFolderFile(files: Files): Promise<FolderFile | undefined> {
  const value = await readJsonFile(files, FOLDER_FILE);
  if (value === undefined) return undefined;
  const { path } = files;
  refuseNewerLayout(value, path);
  const { format, demo, hosts, ...rest } = (value ?? {}) as Partial<FolderFile>;
  const known = typeof format === 'number' && Number.isSafeInteger(format) && format >= OLDEST;
  if (!known || typeof demo !== 'boolean' || !areOrganisations(hosts)) {
    throw new MedsealError('FOLDER_FOREIGN', { path, what: `${FOLDER_FILE} is malformed` });
  }
  const altered = new MedsealError('FOLDER_FOREIGN', { path, what: `${FOLDER_FILE} was altered` });
  if (format < STATED_FROM) {
    // These layouts had no other field: the number of a later one may have been altered.
    if (Object.keys(rest).length > 0) throw altered;
    return { format, demo, hosts };
  }
  const stated = statementIn(rest);
  const { sum } = rest as { sum?: unknown };
  if (stated === undefined || sum !== sumOf({ format, demo, hosts, stated })) throw altered;
  for (const [store, found] of Object.entries(stated.stores)) {
    const known = storeFormat(store)?.number ?? 0;
    if (found <= known) continue;
    throw new MedsealError('FOLDER_NEWER', { path, found, known, store, by: stated.version });
  }
  return { format, demo, hosts, stated };
}

/**
 * Refuses the folder of a layout that this version does not know.
 *
 * @param value - The content of `folder.json` or, in a folder without one, of `founding.json`.
 * @param path - The folder.
 * @throws MedsealError `FOLDER_NEWER`.
 */
export function refuseNewerLayout(value: unknown, path: string): void {
  const { format } = (value ?? {}) as { format?: unknown };
  if (typeof format !== 'number' || format <= FOLDER_FORMAT) return;
  const by = statementIn(value)?.version;
  const known = FOLDER_FORMAT;
  throw new MedsealError('FOLDER_NEWER', { path, found: format, known, ...(by && { by }) });
}

/**
 * Reads from `folder.json` which version wrote the folder last and the formats of its stores, also if they are of a later
 * version.
 *
 * @param value - The content of `folder.json`.
 * @returns Undefined if it does not say so.
 */
export function statementIn(value: unknown): FolderStatement | undefined {
  const { version, stores } = (value ?? {}) as Partial<FolderStatement>;
  const stated = { version, stores };
  return isOfShape(STATEMENT, stated) ? stated : undefined;
}

/**
 * Makes the content of `folder.json` as this version writes it.
 *
 * @param owner - The organisations.
 */
export function folderFileOf({ demo, hosts }: FolderOwner): object {
  const stated = { version: VERSION, stores: STORES };
  const file = { format: FOLDER_FORMAT, demo, hosts, stated };
  return { format: FOLDER_FORMAT, demo, hosts, ...stated, sum: sumOf(file) };
}

/**
 * Writes `folder.json`, durably.
 *
 * @param files - The folder.
 * @param owner - The organisations.
 */
export async function writeFolderFile(files: Files, owner: FolderOwner): Promise<void> {
  await writeJsonFile(files, FOLDER_FILE, folderFileOf(owner));
}

/**
 * Has `folder.json` state this version and its formats, if it states others.
 *
 * @param files - The folder, which this version brought forward.
 * @param file - Its `folder.json`.
 * @throws MedsealError `FOLDER_UNWRITABLE`.
 */
export async function stateFolder(files: Files, file: FolderFile): Promise<void> {
  const now: FolderStatement = { version: VERSION, stores: STORES };
  if (textOf(file.stated) !== textOf(now)) await writeFolderFile(files, file);
}

/** A checksum finds damage; owners and backups are protected by other means. */
function sumOf({ format, demo, hosts, stated }: FolderFile): string {
  return checksumOf(FOLDER_FILE, JSON.stringify([format, demo, hosts, textOf(stated)]));
}

function textOf(stated: FolderStatement | undefined): string {
  return JSON.stringify([stated?.version, Object.entries(stated?.stores ?? {})]);
}
