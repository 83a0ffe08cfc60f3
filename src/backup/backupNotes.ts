import { type Clock, seconds } from '../protocol/Clock.ts';
import { OneOf } from '../protocol/wire/findShapeError.ts';
import { isOfShape } from '../protocol/wire/isOfShape.ts';
import type { Of } from '../protocol/struct/Of.ts';
import type { Files } from '../folder/Files.ts';
import { readJsonFile, writeJsonFile } from '../folder/jsonFiles.ts';

/** File in a data folder that says when its newest backup was made. */
export const BACKED_UP = 'backed-up.json';
/** File in a data folder with its operator's word on backups that are gone. */
export const BACKUPS_ENDED = 'backups-ended.json';

const NEWEST = { format: new OneOf('medseal-backed-up/1'), at: 'count' } as const;

const ENDED = {
  format: new OneOf('medseal-backups-ended/1'),
  /** Every backup, copy and snapshot of the folder that was begun before this moment is destroyed, Unix seconds. */
  before: 'count',
  /** When the operator said so, Unix seconds. */
  at: 'count',
} as const;
/** Word of an operator on backups that are gone. */
export type BackupsEnded = Omit<Of<typeof ENDED>, 'format'>;

/**
 * Reads when the newest backup of a folder was made.
 *
 * @param files - The folder.
 * @returns Unix seconds; undefined if none is known.
 */
export async function readBackedUp(files: Files): Promise<number | undefined> {
  const value = await readJsonFile(files, BACKED_UP);
  return isOfShape(NEWEST, value) ? value.at : undefined;
}

/**
 * Notes in a folder that a backup of it was made.
 *
 * @param files - The folder.
 * @param at - The moment of the backup, Unix seconds.
 */
export async function noteBackedUp(files: Files, at: number): Promise<void> {
  await writeJsonFile(files, BACKED_UP, { format: 'medseal-backed-up/1', at });
}

/**
 * Reads the operator's last word on backups that are gone.
 *
 * @param files - The folder.
 * @returns Undefined if nobody gave one.
 */
export async function readBackupsEnded(files: Files): Promise<BackupsEnded | undefined> {
  const value = await readJsonFile(files, BACKUPS_ENDED);
  return isOfShape(ENDED, value) ? { before: value.before, at: value.at } : undefined;
}

/**
 * Writes the operator's word that all backups from before a moment are gone. An earlier word that reaches further stays.
 *
 * @param files - The folder.
 * @param clock - Tells when it was said.
 * @param before - The moment, Unix seconds.
 * @returns The word that holds now.
 */
export async function noteBackupsEnded(
  files: Files,
  clock: Pick<Clock, 'now'>,
  before: number,
): Promise<BackupsEnded> {
  const known = await readBackupsEnded(files);
  if (known !== undefined && known.before >= before) return known;
  const ended: BackupsEnded = { before, at: seconds(clock) };
  await writeJsonFile(files, BACKUPS_ENDED, { format: 'medseal-backups-ended/1', ...ended });
  return ended;
}

/**
 * Returns when nothing that was destroyed at a moment was in a backup any more, by the operator's word.
 *
 * @param files - The folder.
 * @param at - The moment, Unix seconds.
 * @returns Unix seconds; undefined if a backup may have it.
 */
export async function backupsEndedAfter(files: Files, at: number): Promise<number | undefined> {
  const ended = await readBackupsEnded(files);
  return ended !== undefined && ended.before > at ? ended.at : undefined;
}
