import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import type { LocalDatabase, ServiceDatabase } from '../synced.ts';
import { openCopy } from './openCopy.ts';

/** Stores of a data folder that are at a server. */
export interface StoresElsewhere {
  /** Tells whether a store is there, by the path that it would have in the data folder. */
  has(path: string): boolean;
  /** Opens one; undefined if it cannot be opened. */
  database(path: string): Promise<ServiceDatabase | undefined>;
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
  readonly #opened = new Map<string, LocalDatabase>();
  readonly #elsewhere: StoresElsewhere | undefined;
  #waiting: { type: 'put'; key: string; value: string }[] = [];

  private constructor(path: string, data: string, seen: ClassicLevel, elsewhere?: StoresElsewhere) {
    this.#path = path;
    this.#data = data;
    this.#seen = seen;
    this.#elsewhere = elsewhere;
  }

  /**
   * Makes the folder for it.
   * @param data - The folder that is examined, which nobody else works on.
   * @param elsewhere - Its stores that are at a server; none if absent.
   */
  static async open(data: string, elsewhere?: StoresElsewhere): Promise<Scratch> {
    const path = join(data, NAME);
    await rm(path, { recursive: true, force: true });
    await mkdir(path, { mode: 0o700 });
    const seen = new ClassicLevel(join(path, 'seen'));
    await seen.open();
    return new Scratch(path, data, seen, elsewhere);
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
    const database = await openCopy(join(this.#data, name), to).catch(() => undefined);
    if (database !== undefined) this.#opened.set(name, database);
    return database;
  }

  /**
   * Opens a store, wherever it is: at a server itself, or else a copy.
   * @param name - Its folder within the data folder, or the one that it would have.
   * @returns Undefined if it cannot be opened.
   */
  async store(name: string): Promise<ServiceDatabase | undefined> {
    if (this.#elsewhere?.has(name) === true) return await this.#elsewhere.database(name);
    return await this.database(name);
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
