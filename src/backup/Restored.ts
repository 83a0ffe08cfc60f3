import type { Clock } from '../protocol/Clock.ts';
import { seconds } from '../protocol/Clock.ts';
import { findShapeError } from '../protocol/findShapeError.ts';
import type { Organisation } from '../protocol/ids.ts';
import type { Files } from '../folder/Files.ts';
import { readJsonFile } from '../folder/jsonFiles.ts';

/** File in a data folder that was restored from a backup; it stays until all organisations have caught up. */
export const RESTORED = 'restored.json';

/** Content of the file. */
export interface Restored {
  readonly format: 'medseal-restored/2';
  /** When it was restored, Unix seconds. */
  readonly at: number;
  /** Organisations of the folder that have caught up; all others have not. */
  readonly rejoined: readonly Organisation[];
}

const SHAPE = { format: /^medseal-restored\/2$/, at: 'count', rejoined: ['text'] } as const;

/**
 * Reads whether a folder was restored. If the file has another form, of an older version for instance, no organisation
 * counts as caught up, as if the folder had been restored now.
 *
 * @param files - The folder.
 * @param clock - Tells the time for that case.
 * @returns Undefined if it was not restored.
 * @throws MedsealError `FOLDER_FOREIGN` if the file cannot be read.
 */
export async function readRestored(files: Files, clock: Clock): Promise<Restored | undefined> {
  const value = await readJsonFile(files, RESTORED);
  if (value === undefined) return undefined;
  if (findShapeError(SHAPE, value, RESTORED) === undefined) return value as Restored;
  return { format: 'medseal-restored/2', at: seconds(clock), rejoined: [] };
}
