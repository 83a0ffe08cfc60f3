import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { BINARY, type LocalDatabase, type RowChange, type ServiceDatabase } from '../synced.ts';
import { openCopy } from './openCopy.ts';

/** Stores of a data folder that are at a server. */
export interface StoresElsewhere {
  /** Tells whether a store is there, by the path that it would have in the data folder. */
  has(path: string): boolean;
  /**
   * Opens one, once; undefined if it cannot be opened.
   * @param onAltered - As in `checkRows`.
   */
  database(
    path: string,
    onAltered?: (key: Uint8Array) => void,
  ): Promise<ServiceDatabase | undefined>;
}

/** Options of `Scratch.open`. */
export interface ScratchOptions {
  /** Stores of the folder that are at a server; none if absent. */
  readonly elsewhere?: StoresElsewhere | undefined;
  /**
   * Called with a store that is opened, and the number of its rows that are not as they were written, if there are some: they
   * read as absent.
   */
  readonly onAltered?: (name: string, rows: number) => void;
}

/** Folder of the copies while an examination goes on, within the data folder. */
const NAME = 'examination';
/** Rows written at once. */
const GROUP = 1000;

/**
 * Working files of an examination: copies of databases, for LevelDB changes what it opens; and notes of what it saw, on
 * disk, so that memory is bounded.
 */
export class Scratch {
  readonly #path: string;
  readonly #data: string;
  readonly #seen: ClassicLevel;
  readonly #onAltered: (name: string, rows: number) => void;
  readonly #opened = new Map<string, LocalDatabase>();
  readonly #elsewhere: StoresElsewhere | undefined;
  /** Stores at a server whose rows were all read. */
  readonly #read = new Set<string>();
  #waiting: { type: 'put'; key: string; value: string }[] = [];

  private constructor(
    path: string,
    data: string,
    seen: ClassicLevel,
    { onAltered = () => undefined, elsewhere }: ScratchOptions,
  ) {
    this.#path = path;
    this.#data = data;
    this.#seen = seen;
    this.#onAltered = onAltered;
    this.#elsewhere = elsewhere;
  }

  /**
   * Makes the folder for it.
   * @param data - The folder that is examined, which nobody else works on.
   * @param options - Its stores that are at a server, and the receiver of rows that were altered.
   */
  static async open(data: string, options: ScratchOptions = {}): Promise<Scratch> {
    const path = join(data, NAME);
    await rm(path, { recursive: true, force: true });
    await mkdir(path, { mode: 0o700 });
    const seen = new ClassicLevel(join(path, 'seen'));
    await seen.open();
    return new Scratch(path, data, seen, options);
  }

  /**
   * Opens a copy of a database, once.
   * @param name - Its folder within the data folder.
   * @returns The copy; undefined if it cannot be opened.
   */
  async database(name: string): Promise<LocalDatabase | undefined> {
    const before = this.#opened.get(name);
    if (before !== undefined) return before;
    const to = join(this.#path, 'copies', name);
    await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    const altered: RowChange<Uint8Array>[] = [];
    const note = (key: Uint8Array): unknown => altered.push({ type: 'del', key });
    const database = await openCopy(join(this.#data, name), to, note).catch(() => undefined);
    if (database === undefined) return undefined;
    this.#opened.set(name, database);
    // A file that cannot be read is found by whoever needs its rows.
    await readThrough(database).catch(() => undefined);
    if (altered.length > 0) this.#onAltered(name, altered.length);
    await database.batch<Uint8Array, Uint8Array>(altered, BINARY);
    return database;
  }

  /**
   * Opens a store, wherever it is: at a server itself, or else a copy.
   * @param name - Its folder within the data folder, or the one that it would have.
   * @returns Undefined if it cannot be opened.
   */
  async store(name: string): Promise<ServiceDatabase | undefined> {
    if (this.#elsewhere?.has(name) !== true) return await this.database(name);
    const altered = new Set<string>();
    const note = (key: Uint8Array): unknown => altered.add(Buffer.from(key).toString('hex'));
    const store = await this.#elsewhere.database(name, note);
    if (store === undefined || this.#read.has(name)) return store;
    this.#read.add(name);
    await readThrough(store).catch(() => undefined);
    if (altered.size > 0) this.#onAltered(name, altered.size);
    return store;
  }

  /** Notes something that was seen. */
  async note(key: string, value = ''): Promise<void> {
    this.#waiting.push({ type: 'put', key, value });
    if (this.#waiting.length >= GROUP) await this.#write();
  }

  /** Tells whether something was seen. */
  async knows(key: string): Promise<boolean> {
    await this.#write();
    return (await this.#seen.get(key)) !== undefined;
  }

  /** Notes whose keys begin with a prefix, in the order of the keys. */
  async *under(prefix: string): AsyncGenerator<[string, string]> {
    await this.#write();
    yield* this.#seen.iterator({ gte: prefix, lt: `${prefix}\u{ffff}` });
  }

  /** Removes all of it. */
  async close(): Promise<void> {
    for (const database of [...this.#opened.values(), this.#seen]) await database.close();
    await rm(this.#path, { recursive: true, force: true });
  }

  async #write(): Promise<void> {
    const rows = this.#waiting.splice(0);
    if (rows.length > 0) await this.#seen.batch(rows);
  }
}

/** Reads every row, so that it is verified. */
async function readThrough(database: ServiceDatabase): Promise<void> {
  const rows = database.keys<Uint8Array>({ keyEncoding: BINARY.keyEncoding });
  try {
    while ((await rows.nextv(GROUP)).length > 0);
  } finally {
    await rows.close();
  }
}
