import { constants, fstatSync, statSync } from 'node:fs';
import { lstat, mkdir, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { PieceMemory } from '../crypto/PieceMemory.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { FileWriter } from './FileWriter.ts';
import type { Files, ReadOptions } from './Files.ts';
import { insidePath } from './insidePath.ts';
import { canOthersEnter } from './canOthersEnter.ts';
import { isOwnFile } from './isOwnFile.ts';
import { requireOwnFolder } from './requireOwnFolder.ts';

/** Bytes read at a time: few at first, for most files are small. */
const FIRST = 64 * 1024;
const CHUNK = 1024 * 1024;
/** Pieces of a file in use at once: one that is read ahead, and two that its consumer may use. */
const IN_USE = 3;
/** Follows no link, and does not wait for somebody to write into a pipe. */
const READING = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * A folder of this machine as `Files`; it is made if it does not exist. Files are readable by their owner alone. A folder that
 * others can write to is refused, and so is each file of one that they can enter: they could replace its keys, its settings or
 * what it keeps for others.
 *
 * @param path - The folder; a symbolic link to one is followed, once, here.
 * @throws MedsealError `FOLDER_EXPOSED`; `FOLDER_UNWRITABLE` if it cannot be made.
 */
export async function openFolder(path: string): Promise<Files> {
  const root = await makeRoot(path);
  // Not before: while it was not there, somebody else could have made it.
  requireOwnFolder(root);
  return new Folder(root, canOthersEnter(statSync(root)));
}

/**
 * A folder that others may write to: what is read from it is verified, as in an exchange between founders or a backup, or it
 * is examined.
 *
 * @param path - The folder, as for `openFolder`.
 * @throws MedsealError `FOLDER_UNWRITABLE` if it cannot be made.
 */
export async function openSharedFolder(path: string): Promise<Files> {
  return new Folder(await makeRoot(path), false);
}

/**
 * A folder that others may write to, as for `openSharedFolder`, which has to be there.
 *
 * @param path - The folder.
 * @throws MedsealError `FOLDER_UNWRITABLE` if it is not there.
 */
export async function openFormerFolder(path: string): Promise<Files> {
  const root = await writing(path, async () => {
    // Of a file with this name the listing fails.
    await readdir(path);
    return await realpath(path);
  });
  return new Folder(root, false);
}

async function makeRoot(path: string): Promise<string> {
  return await writing(path, async () => {
    await makeWithParents(resolve(path));
    return await realpath(path);
  });
}

/** Not Node's own `recursive`, which does not end if a folder can never be made, as under `/proc`. */
async function makeWithParents(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && (await stat(path)).isDirectory()) return;
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) throw error;
    await makeWithParents(dirname(path));
    await mkdir(path, { mode: 0o700 });
  }
}

class Folder implements Files {
  readonly path: string;
  readonly #isChecked: boolean;

  /** @param isChecked - True to refuse files that others can write to. */
  constructor(path: string, isChecked: boolean) {
    this.path = path;
    this.#isChecked = isChecked;
  }

  async makeFolder(path: string): Promise<void> {
    let made = '';
    for (const name of insidePath(path).split('/')) {
      const folder = await this.#locate(join(made, name));
      const fresh = await writing(this.path, async () => await madeNow(folder));
      if (fresh) await this.syncFolder(made);
      made = join(made, name);
    }
  }

  async write(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    const place = await this.#locate(path);
    // `x` also refuses a symbolic link.
    const file = await writing(this.path, async () => await open(place, 'wx', 0o600));
    const writer = new FileWriter(file, { lasting: true });
    try {
      for await (const bytes of content) {
        await writing(this.path, async () => await writer.write(bytes));
      }
      await writing(this.path, async () => await writer.sync());
    } finally {
      await writer.close();
    }
  }

  async rename(from: string, to: string): Promise<void> {
    const [source, target] = [await this.#locate(from), await this.#locate(to)];
    await writing(this.path, async () => {
      await rename(source, target);
    });
  }

  async syncFolder(path: string): Promise<void> {
    const place = await this.#locateFolder(path);
    await writing(this.path, async () => {
      const folder = await open(place, constants.O_RDONLY | constants.O_NOFOLLOW);
      try {
        await folder.sync();
      } finally {
        await folder.close();
      }
    });
  }

  async *read(path: string, options: ReadOptions = {}): AsyncIterable<Uint8Array> {
    const { from = 0, reuse = false } = options;
    const place = await this.#locate(path);
    const file = await open(place, READING).catch((cause) => {
      if (codeOf(cause) === 'ENOENT') throw new MedsealError('FILE_ABSENT', {}, { cause });
      if (codeOf(cause) === 'ELOOP') throw new MedsealError('FOLDER_OUTSIDE', {}, { cause });
      throw cause;
    });
    const found = fstatSync(file.fd);
    const isRegular = found.isFile();
    if (!isRegular || (this.#isChecked && !isOwnFile(found))) {
      await file.close();
      if (!isRegular) throw new Error('it is not a regular file');
      throw new MedsealError('FOLDER_EXPOSED', { path: place });
    }
    const memory = new PieceMemory(reuse ? IN_USE : undefined);
    let position = from;
    const readNext = async (length: number): Promise<Uint8Array> => {
      const { bytesRead, buffer } = await file.read(memory.take(length), 0, length, position);
      position += bytesRead;
      return buffer.subarray(0, bytesRead);
    };
    let next = readNext(FIRST);
    try {
      for (let piece = await next; piece.length > 0; piece = await next) {
        // The next piece is read while this one is worked on.
        next = readNext(piece.length < FIRST ? 1 : CHUNK);
        next.catch(() => undefined);
        yield piece;
      }
    } finally {
      await next.catch(() => undefined);
      await file.close();
    }
  }

  async size(path: string): Promise<number | undefined> {
    const place = await this.#locate(path);
    const found = await unlessAbsent(lstat(place));
    if (found?.isSymbolicLink() === true) throw new MedsealError('FOLDER_OUTSIDE', {});
    return found?.isFile() === true ? found.size : undefined;
  }

  async remove(path: string): Promise<void> {
    const place = await this.#locate(path);
    await writing(this.path, async () => {
      await rm(place, { force: true });
    });
  }

  async list(path: string): Promise<readonly string[]> {
    const place = await this.#locateFolder(path);
    const found = await unlessAbsent(lstat(place));
    if (found?.isSymbolicLink() === true) throw new MedsealError('FOLDER_OUTSIDE', {});
    return (await unlessAbsent(readdir(place))) ?? [];
  }

  async #locateFolder(path: string): Promise<string> {
    return path === '' ? this.path : await this.#locate(path);
  }

  /** Returns the place of a path, once its folder is known to be no way out. */
  async #locate(path: string): Promise<string> {
    const place = join(this.path, insidePath(path));
    const folder = dirname(place);
    const real = await unlessAbsent(realpath(folder));
    if (real !== undefined && real !== folder) throw new MedsealError('FOLDER_OUTSIDE', {});
    return place;
  }
}

async function madeNow(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { mode: 0o700 });
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    const found = await lstat(folder);
    if (found.isSymbolicLink()) throw new MedsealError('FOLDER_OUTSIDE', {}, { cause: error });
    if (!found.isDirectory()) throw error;
    return false;
  }
}

/** Runs what writes; a failure of the system becomes `FOLDER_UNWRITABLE`. */
async function writing<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof MedsealError) throw cause;
    throw new MedsealError('FOLDER_UNWRITABLE', { path }, { cause });
  }
}

async function unlessAbsent<Result>(work: Promise<Result>): Promise<Result | undefined> {
  try {
    return await work;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown } | null)?.code;
}
