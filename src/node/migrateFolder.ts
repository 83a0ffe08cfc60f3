import { MedsealError } from '../errors/MedsealError.ts';
import type { Files } from '../vault/Files.ts';
import { writeFolderFile } from './FolderFile.ts';
import { FOLDER_FORMAT, parseFounding, type Founding } from './Founding.ts';
import { readJsonFile, writeJsonFile } from './jsonFiles.ts';

/** A step from one layout of a folder to the next. */
export interface Migration {
  /** The layout that it begins with; it ends with the next number. */
  readonly from: number;
  /** What it does, for people, in a line that begins with a verb. */
  readonly about: string;
  /**
   * Does it. It may be interrupted anywhere, and is then done again from its beginning; its last write is the one that
   * gives the folder its new number.
   */
  readonly migrate: (files: Files) => Promise<void>;
}

/** All steps there are. */
export const migrations: readonly Migration[] = [
  {
    from: 2,
    about: 'say in folder.json whose folder it is',
    async migrate(files) {
      const written = (await readJsonFile(files, 'founding.json')) as Founding;
      const founding = parseFounding({ ...written, format: 3 }, files.path);
      await writeJsonFile(files, 'founding.json', founding);
      await writeFolderFile(files, { demo: founding.demo, hosts: founding.organisations });
    },
  },
];

/**
 * Brings a folder of an older layout to the present one. The caller holds the folder's lock.
 *
 * @param files - The folder.
 * @param steps - The steps that there are.
 * @returns What was done, none if nothing had to be.
 * @throws MedsealError `FOLDER_NEWER` for a layout that this code does not know yet; `FOLDER_FOREIGN` for one that it no
 * longer knows, or that is none.
 */
export async function migrateFolder(
  files: Files,
  steps: readonly Migration[] = migrations,
): Promise<readonly Migration[]> {
  const due = await migrationsDue(files, steps);
  for (const step of due) await step.migrate(files);
  return due;
}

/**
 * The steps that a folder is yet to go; nothing is written.
 *
 * @param files - The folder.
 * @param steps - The steps that there are.
 * @throws MedsealError as `migrateFolder` does.
 */
export async function migrationsDue(
  files: Files,
  steps: readonly Migration[] = migrations,
): Promise<readonly Migration[]> {
  const { path } = files;
  const present = await formatOf(files);
  if (present === undefined) return [];
  if (present > FOLDER_FORMAT) {
    throw new MedsealError('FOLDER_NEWER', { path, found: present, known: FOLDER_FORMAT });
  }
  const due: Migration[] = [];
  for (let format = present; format < FOLDER_FORMAT; format++) {
    const step = steps.find(({ from }) => from === format);
    if (step === undefined) {
      throw new MedsealError('FOLDER_FOREIGN', { path, what: `its layout is ${present}` });
    }
    due.push(step);
  }
  return due;
}

/** The number of a folder's layout; undefined if it was never used. Up to 2 it stood with the founding. */
async function formatOf(files: Files): Promise<number | undefined> {
  const folder = await readJsonFile(files, 'folder.json');
  const founding = folder === undefined ? await readJsonFile(files, 'founding.json') : undefined;
  if (folder === undefined && founding === undefined) return undefined;
  const { format } = (folder ?? founding ?? {}) as { format?: unknown };
  const least = folder === undefined ? 0 : 3;
  if (typeof format !== 'number' || !Number.isSafeInteger(format) || format < least) {
    const what = 'nothing in it says which layout it has';
    throw new MedsealError('FOLDER_FOREIGN', { path: files.path, what });
  }
  // Interrupted before its last write, a folder without folder.json is of the layout before that.
  return folder === undefined && format === 3 ? 2 : format;
}
