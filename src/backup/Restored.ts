import type { Clock } from '../protocol/Clock.ts';
import { seconds } from '../protocol/Clock.ts';
import { OneOf } from '../protocol/wire/findShapeError.ts';
import { isOfShape } from '../protocol/wire/isOfShape.ts';
import type { Of } from '../protocol/struct/Of.ts';
import type { Files } from '../folder/Files.ts';
import { readJsonFile } from '../folder/jsonFiles.ts';

/** File in a data folder that was restored from a backup; it stays until all organisations have caught up. */
export const RESTORED = 'restored.json';

const CONTENT = {
  format: new OneOf('medseal-restored/2'),
  /** When it was restored, Unix seconds. */
  at: 'count',
  /** Organisations of the folder that have caught up; all others have not. */
  rejoined: ['text'],
} as const;
/** Content of the file. */
export type Restored = Of<typeof CONTENT>;

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
  if (isOfShape(CONTENT, value)) return value;
  return { format: 'medseal-restored/2', at: seconds(clock), rejoined: [] };
}
