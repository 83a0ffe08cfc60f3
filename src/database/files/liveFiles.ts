import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readLevelLog } from './readLevelLog.ts';
import { readVarint } from './varint.ts';

/** The files in use of a LevelDB folder, by their names in it. */
export interface LiveFiles {
  /** The manifest that `CURRENT` names. */
  readonly manifest: string;
  /** Number of bytes of the manifest that were read. */
  readonly manifestSize: number;
  /** Tables by number, with their sizes in bytes. They never change. */
  readonly tables: ReadonlyMap<number, number>;
  /** Logs of the changes that are in no table yet, oldest first. */
  readonly logs: readonly string[];
  /** The oldest log that must be there; undefined if none must. */
  readonly firstLog: string | undefined;
}

/** Fields of a version edit (google/leveldb `db/version_edit.cc`): number of integers, and of texts after them. */
const FIELDS: Readonly<Record<number, readonly [numbers: number, texts: number]>> = {
  1: [0, 1],
  2: [1, 0],
  3: [1, 0],
  4: [1, 0],
  5: [1, 1],
  6: [2, 0],
  7: [3, 2],
  9: [1, 0],
};
const [LOG_NUMBER, DELETED, ADDED, PREVIOUS_LOG] = [2, 6, 7, 9];

/**
 * Finds the files of a LevelDB folder that hold its rows.
 *
 * @param folder - The folder.
 * @returns The files; undefined if the folder is empty, or `CURRENT` or the manifest is malformed.
 */
export async function liveFiles(folder: string): Promise<LiveFiles | undefined> {
  const current = await readFile(join(folder, 'CURRENT'), 'latin1').catch(() => '');
  const [, manifest] = /^(MANIFEST-\d{6,})\n$/.exec(current) ?? [];
  if (manifest === undefined) return undefined;
  const tables = new Map<number, number>();
  let [oldest, previous, manifestSize] = [0, 0, 0];
  try {
    for await (const piece of readLevelLog(join(folder, manifest))) {
      if (!('record' in piece)) continue;
      manifestSize = piece.end;
      for (const { field, numbers } of editsIn(piece.record)) {
        const [first = 0, second = 0, third = 0] = numbers;
        if (field === LOG_NUMBER) oldest = first;
        if (field === PREVIOUS_LOG) previous = first;
        if (field === DELETED) tables.delete(second);
        if (field === ADDED) tables.set(second, third);
      }
    }
  } catch {
    return undefined;
  }
  const logs = (await readdir(folder)).filter((name) => {
    const [, number] = /^(\d+)\.log$/.exec(name) ?? [];
    return number !== undefined && (Number(number) >= oldest || Number(number) === previous);
  });
  const firstLog = oldest === 0 ? undefined : `${oldest.toString().padStart(6, '0')}.log`;
  return { manifest, manifestSize, tables, logs: logs.toSorted(), firstLog };
}

/** Returns the name of a table's file. */
export function tableName(number: number): string {
  return `${number.toString().padStart(6, '0')}.ldb`;
}

function* editsIn(record: Uint8Array): Generator<{ field: number; numbers: number[] }> {
  for (let at = 0; at < record.length;) {
    const tag = readVarint(record, at);
    const [count, texts] = FIELDS[tag.value] ?? [];
    if (count === undefined || texts === undefined) throw new RangeError('an unknown field');
    at = tag.next;
    const numbers: number[] = [];
    while (numbers.length < count) {
      const number = readVarint(record, at);
      numbers.push(number.value);
      at = number.next;
    }
    for (let text = 0; text < texts; text++) {
      const length = readVarint(record, at);
      at = length.next + length.value;
    }
    if (at > record.length) throw new RangeError('a field does not end');
    yield { field: tag.value, numbers };
  }
}
