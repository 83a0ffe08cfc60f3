import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { examineTable } from './examineTable.ts';
import { foreignNames } from './foreignNames.ts';
import { liveFiles, tableName } from './liveFiles.ts';
import { readLevelLog } from './readLevelLog.ts';
import { sequenceOf } from './sequenceOf.ts';

/** What is wrong with a file of a database. */
export interface FileFault {
  /** Its name in the database's folder. */
  readonly file: string;
  /** What, in words that name a byte. */
  readonly what: string;
  /** True if it is the end of a write that was cut off: what a crash leaves, and nobody was told of. */
  readonly unfinished: boolean;
}

/** So many faults of one log are named; if there are more, that it is damaged is plain. */
const MOST_FAULTS = 100;

/**
 * Examines the files of a LevelDB folder at rest, byte by byte, without opening it: LevelDB itself drops what has
 * another checksum when it opens a log, and does not compare checksums when it reads tables.
 *
 * @param folder - The folder; nobody has it open.
 * @returns What is wrong; empty if every byte that says something is as it was written.
 */
export async function examineDatabaseFiles(folder: string): Promise<readonly FileFault[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.map(({ name }) => name);
  if (names.every((name) => /^(?:LOG(?:\.old)?|LOCK)$/.test(name))) return [];
  const foreign = foreignNames(entries);
  if (foreign.length > 0) {
    return foreign.map((file) => ({ file, what: 'it is not a file', unfinished: false }));
  }
  const live = await liveFiles(folder);
  if (live === undefined) {
    return [{ file: 'CURRENT', what: 'it does not lead to a manifest', unfinished: false }];
  }
  const faults: FileFault[] = [];
  for (const file of [live.manifest, ...live.logs])
    faults.push(...(await examineLog(folder, file)));
  if (live.firstLog !== undefined && !live.logs.includes(live.firstLog)) {
    faults.push({ file: live.firstLog, what: 'it is lost', unfinished: false });
  }
  for (const file of live.logs) {
    for await (const place of strangeWrites(join(folder, file))) {
      const what = `what was written at byte ${place} is none of the database’s changes`;
      faults.push({ file, what, unfinished: false });
    }
  }
  for (const [number, size] of live.tables) {
    // Earlier versions called them so.
    const file = [tableName(number), tableName(number).replace('.ldb', '.sst')].find((name) =>
      names.includes(name),
    );
    if (file === undefined) {
      faults.push({ file: tableName(number), what: 'it is lost', unfinished: false });
      continue;
    }
    const found = (await stat(join(folder, file))).size;
    const handle = await open(join(folder, file));
    try {
      const said = await examineTable(handle);
      if (found !== size)
        faults.push({ file, what: `it has ${found} bytes, not ${size}`, unfinished: false });
      faults.push(...said.map((what) => ({ file, what, unfinished: false })));
    } finally {
      await handle.close();
    }
  }
  return faults;
}

/**
 * Tells whether LevelDB can be shown a folder: at changes that it did not write itself it may end the whole process.
 *
 * @param folder - The folder; nobody has it open.
 */
export async function isReadable(folder: string): Promise<boolean> {
  if (foreignNames(await readdir(folder, { withFileTypes: true })).length > 0) return false;
  for (const file of (await liveFiles(folder))?.logs ?? []) {
    for await (const _ of strangeWrites(join(folder, file))) return false;
  }
  return true;
}

/** Where a log holds, under checksums that fit, what is not a change, or one that does not come after the last. */
async function* strangeWrites(path: string): AsyncGenerator<number> {
  let [last, began] = [-1n, 0];
  for await (const piece of readLevelLog(path)) {
    if (!('record' in piece)) continue;
    const sequence = sequenceOf(piece.record);
    if (sequence === undefined || sequence.first <= last) yield began;
    else last = sequence.last;
    began = piece.end;
  }
}

async function examineLog(folder: string, file: string): Promise<readonly FileFault[]> {
  const faults: FileFault[] = [];
  for await (const piece of readLevelLog(join(folder, file))) {
    if (faults.length === MOST_FAULTS) break;
    if ('altered' in piece) {
      faults.push({
        file,
        what: `what was written at byte ${piece.altered} was altered`,
        unfinished: false,
      });
    } else if ('unfinished' in piece) {
      faults.push({
        file,
        what: `what was written at byte ${piece.unfinished} does not end`,
        unfinished: true,
      });
    }
  }
  return faults;
}
