import { MedsealError } from '../errors/MedsealError.ts';
import type { Files } from './Files.ts';
import { startOf, storeFormat } from '../protocol/wire/storeFormats.ts';
import {
  FOLDER_FILE,
  FOLDER_FORMAT,
  readFolderFile,
  refuseNewerLayout,
  STATED_FROM,
} from './FolderFile.ts';
import { readJsonFile } from './jsonFiles.ts';

/** A step from one layout of a folder to the next. */
export interface Migration {
  /** The layout that it begins with; it ends with the next number. */
  readonly from: number;
  /** Line for people that begins with a verb. */
  readonly about: string;
  /**
   * Refuses a folder that this step cannot bring forward; nothing is written.
   *
   * @throws MedsealError `FOLDER_OLDER`.
   */
  readonly require?: (files: Files) => Promise<void>;
  /**
   * Takes the step. It may be interrupted anywhere, and is then done again from its beginning; its last write gives the
   * folder its new number.
   */
  readonly migrate: (files: Files) => Promise<void>;
}

/**
 * Brings a folder of an older layout to the present one. The caller holds the folder's lock.
 *
 * @param files - The folder.
 * @param steps - All known steps.
 * @returns The steps that were taken; empty if the layout is the present one.
 * @throws MedsealError `FOLDER_NEWER` for a layout that this code does not know yet; `FOLDER_OLDER` for one that it
 * cannot bring forward; `FOLDER_FOREIGN` for a folder without one.
 */
export async function migrateFolder(
  files: Files,
  steps: readonly Migration[],
): Promise<readonly Migration[]> {
  const due = await migrationsDue(files, steps);
  for (const step of due) await step.migrate(files);
  return due;
}

/**
 * Returns the steps that a folder still needs; nothing in it is changed.
 *
 * @param files - The folder.
 * @param steps - All known steps.
 * @throws MedsealError as `migrateFolder` does.
 */
export async function migrationsDue(
  files: Files,
  steps: readonly Migration[],
): Promise<readonly Migration[]> {
  const { path } = files;
  const present = await formatOf(files);
  if (present === undefined) return [];
  if (present >= STATED_FROM) await requireStores(files);
  const due: Migration[] = [];
  for (let format = present; format < FOLDER_FORMAT; format++) {
    const step = steps.find(({ from }) => from === format);
    if (step === undefined) {
      throw new MedsealError('FOLDER_OLDER', { path, what: `its layout is ${present}` });
    }
    await step.require?.(files);
    due.push(step);
  }
  return due;
}

/** Requires that this version opens each store as the folder states it, or can bring it forward. */
async function requireStores(files: Files): Promise<void> {
  const { stated } = (await readFolderFile(files)) ?? {};
  for (const [name, found] of Object.entries(stated?.stores ?? {})) {
    const store = storeFormat(name);
    if (startOf(store, found) !== 'refuses') continue;
    const what = `its store ${name} is of format ${found}, and this version reads format ${store?.number}`;
    throw new MedsealError('FOLDER_OLDER', { path: files.path, what });
  }
}

/**
 * Reads the number of a folder's layout; undefined if the folder was never used. Up to layout 2 it was in the founding.
 */
async function formatOf(files: Files): Promise<number | undefined> {
  const folder = await readJsonFile(files, FOLDER_FILE);
  const founding = folder === undefined ? await readJsonFile(files, 'founding.json') : undefined;
  if (folder === undefined && founding === undefined) return undefined;
  refuseNewerLayout(folder ?? founding, files.path);
  const { format } = (folder ?? founding ?? {}) as { format?: unknown };
  const least = folder === undefined ? 0 : 3;
  if (typeof format !== 'number' || !Number.isSafeInteger(format) || format < least) {
    const what = 'no file in it names its layout';
    throw new MedsealError('FOLDER_FOREIGN', { path: files.path, what });
  }
  // Interrupted before its last write, a folder without folder.json is of the layout before that.
  return folder === undefined && format === 3 ? 2 : format;
}
