import { existsSync } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { examineTable } from './examineTable.ts';
import { foreignNames } from './foreignNames.ts';
import { liveFiles, tableName, type LiveFiles } from './liveFiles.ts';
import { readLevelLog } from './readLevelLog.ts';
import { sequenceOf } from './sequenceOf.ts';

/** Fault of a database's file. */
export interface FileFault {
  /** Its name in the database's folder. */
  readonly file: string;
  /** Description that names a byte. */
  readonly what: string;
  /** True if it is the end of a write that was cut off: a crash leaves it, and the write was never acknowledged. */
  readonly unfinished: boolean;
}

/** The most faults of one log that are listed. */
const MOST_FAULTS = 100;

/**
 * Examines the files of a LevelDB folder at rest, byte by byte, without opening it: LevelDB itself drops records with a
 * wrong checksum when it opens a log, and does not compare checksums when it reads tables.
 *
 * @param folder - The folder; nobody has it open.
 * @returns The faults; empty if every byte in use is as it was written.
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
    return [{ file: 'CURRENT', what: 'it names no readable manifest', unfinished: false }];
  }
  const faults = [...(await examineLogs(folder, live))];
  for (const [number, size] of live.tables) {
    // Earlier versions of LevelDB named tables `.sst`.
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
 * Tells whether LevelDB may open a folder: changes that it did not write itself can make it end the whole process.
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

/**
 * Tells whether LevelDB will find every change in a folder's logs but one that was cut off at the end. It drops altered records
 * without a word, and goes on with later ones; tables are not read here.
 *
 * @param folder - The folder; nobody has it open. One that is absent has all its changes.
 */
export async function areLogsWhole(folder: string): Promise<boolean> {
  if (!existsSync(join(folder, 'CURRENT'))) return true;
  if (!(await isReadable(folder))) return false;
  const live = await liveFiles(folder);
  if (live === undefined) return false;
  return (await examineLogs(folder, live)).every(({ unfinished }) => unfinished);
}

async function examineLogs(folder: string, live: LiveFiles): Promise<readonly FileFault[]> {
  const faults: FileFault[] = [];
  for (const file of [live.manifest, ...live.logs])
    faults.push(...(await examineLog(folder, file)));
  if (live.firstLog !== undefined && !live.logs.includes(live.firstLog)) {
    faults.push({ file: live.firstLog, what: 'it is lost', unfinished: false });
  }
  for (const file of live.logs) {
    for await (const place of strangeWrites(join(folder, file))) {
      const what = `the record at byte ${place} is not a change of the database`;
      faults.push({ file, what, unfinished: false });
    }
  }
  return faults;
}

/** Places in a log of records with a valid checksum that are not changes, or do not come after the last one. */
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
        what: `the record at byte ${piece.altered} was altered`,
        unfinished: false,
      });
    } else if ('unfinished' in piece) {
      faults.push({
        file,
        what: `the record at byte ${piece.unfinished} does not end`,
        unfinished: true,
      });
    }
  }
  return faults;
}
