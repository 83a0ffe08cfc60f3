import { createHash } from 'node:crypto';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import { rangeUnder } from '../rangeUnder.ts';
import { SYNCED, type RowChange, type LocalDatabase } from '../synced.ts';
import type { Rows } from './Rows.ts';

/** Key of the mark; those of rows have a slash. */
const MARK = 'mark';
/** Rows that are kept in memory after they were read or written, and as many again of before. */
const KEPT = 60_000;
/** The most rows of a database that are in memory between two commits. */
export const ROWS_IN_MEMORY = 2 * KEPT;
const TEXT = { valueEncoding: 'utf8' } as const;
/** Rows that a digest takes at once, and their bytes: some milliseconds of work. */
const [PAGE, PAGE_BYTES] = [500, 2 ** 17];

/** Note of a commit. */
interface Noted {
  /** Origin and form of the rows. Those of another basis are discarded. */
  readonly basis: string;
  readonly mark: unknown;
  /** Number of rows of each kind that has some. */
  readonly sizes: Readonly<Record<string, number>>;
}

/**
 * Rows that follow from something else, such as a ledger, and can be made again from it: in memory alone, or in a database
 * of which the latest rows are in memory. A commit puts all rows since the last one and a mark in one batch: after a crash
 * the rows stand at a mark. It is synced, since a machine that loses power may keep later writes without earlier ones.
 */
export class RowStore {
  readonly #database: LocalDatabase | undefined;
  readonly #basis: string;
  readonly #kinds = new Map<string, StoredRows<unknown>>();
  #sizes: Readonly<Record<string, number>> = {};
  #mark: unknown;
  /** Set once a row was found altered, and done when the mark is gone: the rows are made again at the next opening. */
  #altered: Promise<void> | undefined;
  #recent = new Map<string, unknown>();
  #older = new Map<string, unknown>();

  private constructor(database: LocalDatabase | undefined, basis: string) {
    this.#database = database;
    this.#basis = basis;
  }

  /** Makes a store whose rows are in memory alone. */
  static inMemory(): RowStore {
    return new RowStore(undefined, '');
  }

  /**
   * Opens a store in a database.
   *
   * @param database - Its own database. It is not closed with the store.
   * @param basis - Origin and form of the rows. Those of another basis are removed.
   * @throws MedsealError of the database.
   */
  static async open(database: LocalDatabase, basis: string): Promise<RowStore> {
    const store = new RowStore(database, basis);
    await store.#open(database);
    return store;
  }

  /** False if its rows are in memory alone. */
  get isStored(): boolean {
    return this.#database !== undefined;
  }

  /** Origin and form of the rows: the digests of two stores can be compared if theirs are the same. */
  get basis(): string {
    return this.#basis;
  }

  /** The mark of the last commit; undefined before the first, or if its rows were removed. */
  get mark(): unknown {
    return this.#mark;
  }

  /**
   * Rows of a kind.
   *
   * @param kind - A name without a slash.
   */
  kind<Value>(kind: string): Rows<Value> {
    const known = this.#kinds.get(kind);
    if (known !== undefined) return known as StoredRows<Value>;
    const made = new StoredRows<Value>(kind, this.#sizes[kind] ?? 0, {
      read: (key) => this.#read(key),
      rowsUnder: (prefix) => this.#rowsUnder(prefix),
    });
    this.#kinds.set(kind, made);
    return made;
  }

  /**
   * Puts the rows since the last commit and a mark on the disk, all or nothing. Rows in memory alone stay as they are.
   *
   * @param mark - The place in their origin that the rows stand at; a JSON value.
   * @throws MedsealError of the database; the rows stay, and go with the next commit.
   */
  async commit(mark: unknown): Promise<void> {
    this.#mark = mark;
    if (this.#altered !== undefined) return await this.#altered;
    if (this.#database === undefined) return;
    const changes: RowChange<string>[] = [];
    for (const kind of this.#kinds.values()) {
      for (const [key, value] of kind.fresh) {
        changes.push({ type: 'put', key, value: JSON.stringify(value) });
      }
    }
    const sizes = Object.fromEntries(
      [...this.#kinds].flatMap(([kind, { size }]) => (size > 0 ? [[kind, size]] : [])),
    );
    const noted: Noted = { basis: this.#basis, mark, sizes };
    changes.push({ type: 'put', key: MARK, value: JSON.stringify(noted) });
    await this.#database.batch(changes, { ...TEXT, ...SYNCED });
    for (const kind of this.#kinds.values()) {
      for (const [key, value] of kind.fresh) this.#keep(key, value);
      kind.fresh.clear();
    }
  }

  /** Removes all rows. */
  async clear(): Promise<void> {
    this.#mark = undefined;
    this.#sizes = {};
    this.#recent.clear();
    this.#older.clear();
    for (const kind of this.#kinds.values()) kind.forget();
    await this.#database?.clear();
  }

  async #open(database: LocalDatabase): Promise<void> {
    const text = await database.get<string, string>(MARK, TEXT).catch((error: unknown) => {
      if (!isMedsealError(error, 'STORE_DAMAGED')) throw error;
      return undefined;
    });
    const noted = text === undefined ? undefined : (JSON.parse(text) as Noted);
    if (noted?.basis !== this.#basis) {
      await this.clear();
      return;
    }
    this.#mark = noted.mark;
    this.#sizes = noted.sizes;
  }

  #read(key: string): unknown {
    if (this.#database === undefined) return undefined;
    const kept = this.#recent.get(key) ?? this.#older.get(key);
    if (kept !== undefined) return kept;
    const text = this.#fetch(this.#database, key);
    if (text === undefined) return undefined;
    const value: unknown = JSON.parse(text);
    this.#keep(key, value);
    return value;
  }

  #fetch(database: LocalDatabase, key: string): string | undefined {
    try {
      return database.getSync<string, string>(key, TEXT);
    } catch (cause) {
      throw this.#failed(cause);
    }
  }

  /**
   * All rows that were committed, by kind and key.
   *
   * @throws MedsealError `STORE_DAMAGED` if one was altered on the disk.
   */
  async *committed(): AsyncGenerator<readonly [string, unknown]> {
    for await (const row of this.#rowsIn({})) if (row[0] !== MARK) yield row;
  }

  /**
   * Digest of all rows as they are on the disk at the time of the call, whatever is committed meanwhile: SHA-256 of keys and values in the
   * order of the keys. It is equal in two stores that have the same rows.
   *
   * @param ended - Ends the pass over the rows.
   * @returns Undefined in a store without a database, if a row was found altered, or if the pass was ended.
   * @throws MedsealError `STORE_DAMAGED` if a row was altered on the disk.
   */
  async digest(ended?: AbortSignal): Promise<`0x${string}` | undefined> {
    if (this.#database === undefined || this.#altered !== undefined) return undefined;
    const range = { ...TEXT, highWaterMarkBytes: PAGE_BYTES };
    const rows = this.#database.iterator<string, string>(range);
    const digest = createHash('sha256');
    try {
      for (;;) {
        const page = await rows.nextv(PAGE);
        if (ended?.aborted === true) return undefined;
        if (page.length === 0) return `0x${digest.digest('hex')}`;
        // Neither a key nor a value as JSON has a line break.
        const lines = page.map(([key, text]) => (key === MARK ? '' : `${key}\n${text}\n`));
        digest.update(lines.join(''));
      }
    } catch (cause) {
      throw this.#failed(cause);
    } finally {
      await rows.close();
    }
  }

  /**
   * A row by kind and key, as `committed` gives them.
   *
   * @param key - Kind, slash, key.
   */
  at(key: string): unknown {
    const [kind = ''] = key.split('/', 1);
    return this.kind(kind).get(key.slice(kind.length + 1));
  }

  /** Number of rows of all kinds that were asked for. */
  get size(): number {
    return [...this.#kinds.values()].reduce((sum, { size }) => sum + size, 0);
  }

  async *#rowsUnder(prefix: `${string}/`): AsyncGenerator<readonly [string, unknown]> {
    yield* this.#rowsIn(rangeUnder(prefix));
  }

  async *#rowsIn(range: object): AsyncGenerator<readonly [string, unknown]> {
    if (this.#database === undefined) return;
    const rows = this.#database.iterator<string, string>({ ...range, ...TEXT });
    try {
      for await (const [key, text] of rows) yield [key, JSON.parse(text)];
    } catch (cause) {
      throw this.#failed(cause);
    }
  }

  /** The error of a read. If the disk altered a row, all are made again at the next opening. */
  #failed(cause: unknown): MedsealError {
    const error = toMedsealError(cause);
    if (isMedsealError(error, 'STORE_DAMAGED') && this.#altered === undefined) {
      // Without a mark the next opening removes all rows.
      this.#altered = this.#database?.del(MARK).catch(() => undefined);
    }
    return error;
  }

  #keep(key: string, value: unknown): void {
    if (this.#recent.size >= KEPT) {
      this.#older = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(key, value);
  }
}

/** The disk, as rows of a kind see it. */
interface Disk {
  readonly read: (key: string) => unknown;
  readonly rowsUnder: (prefix: `${string}/`) => AsyncIterable<readonly [string, unknown]>;
}

class StoredRows<Value> implements Rows<Value> {
  /** Rows since the last commit, by their keys in the database; all of them in a store without one. */
  readonly fresh = new Map<string, Value>();
  readonly #prefix: `${string}/`;
  readonly #disk: Disk;
  #size: number;

  constructor(kind: string, size: number, disk: Disk) {
    this.#prefix = `${kind}/`;
    this.#size = size;
    this.#disk = disk;
  }

  get size(): number {
    return this.#size;
  }

  get(key: string): Value | undefined {
    return this.#at(this.#prefix + key);
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  set(key: string, value: Value): void {
    const at = this.#prefix + key;
    if (this.#at(at) === undefined) this.#size += 1;
    this.fresh.set(at, value);
  }

  async *values(): AsyncGenerator<Value> {
    // A commit meanwhile moves rows from here to the disk, of which the range shows the present state.
    const fresh = new Map(this.fresh);
    for await (const [key, value] of this.#disk.rowsUnder(this.#prefix)) {
      if (!fresh.has(key)) yield value as Value;
    }
    yield* fresh.values();
  }

  forget(): void {
    this.fresh.clear();
    this.#size = 0;
  }

  #at(key: string): Value | undefined {
    return this.fresh.get(key) ?? (this.#disk.read(key) as Value | undefined);
  }
}
