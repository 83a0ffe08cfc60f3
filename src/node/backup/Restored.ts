import type { Clock } from '../../protocol/Clock.ts';
import { seconds } from '../../protocol/Clock.ts';
import { findShapeError } from '../../protocol/findShapeError.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { Files } from '../../vault/Files.ts';
import { readJsonFile } from '../jsonFiles.ts';

/** The file in a data folder that says that it was restored from a backup, until all that was missed is known again. */
export const RESTORED = 'restored.json';

/** What it says. */
export interface Restored {
  readonly format: 'medseal-restored/2';
  /** When it was restored, Unix seconds. */
  readonly at: number;
  /** Organisations of the folder that know again what they missed; all others do not. */
  readonly rejoined: readonly Organisation[];
}

const SHAPE = { format: /^medseal-restored\/2$/, at: 'count', rejoined: ['text'] } as const;

/**
 * Reads whether a folder was restored. Whatever else the file says, of an older version for instance, nobody in the
 * folder is taken to know anything, as if it had been restored now.
 *
 * @param files - The folder.
 * @param clock - For that.
 * @returns Undefined if it was not.
 * @throws MedsealError `FOLDER_FOREIGN` if the file cannot be read.
 */
export async function readRestored(files: Files, clock: Clock): Promise<Restored | undefined> {
  const value = await readJsonFile(files, RESTORED);
  if (value === undefined) return undefined;
  if (findShapeError(SHAPE, value, RESTORED) === undefined) return value as Restored;
  return { format: 'medseal-restored/2', at: seconds(clock), rejoined: [] };
}
