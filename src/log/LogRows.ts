import { readU64 } from '../crypto/u64.ts';
import { MedsealError } from '../errors/MedsealError.ts';

/**
 * A database, or a sublevel, of one log alone: the part of `abstract-level` that is used, so `classic-level` on disk
 * and `memory-level` in tests.
 */
export interface LogDatabase {
  open(): Promise<void>;
  close(): Promise<void>;
  get(key: Uint8Array, options: View): Promise<Uint8Array | undefined>;
  getMany(keys: Uint8Array[], options: View): Promise<(Uint8Array | undefined)[]>;
  keys(options: View & { limit: number }): { all(): Promise<Uint8Array[]> };
  iterator(
    options: View & {
      gte: Uint8Array;
      lt: Uint8Array;
      limit?: number;
      reverse?: boolean;
      highWaterMarkBytes: number;
    },
  ): { all(): Promise<[Uint8Array, Uint8Array][]> };
  batch(changes: LogRowChange[], options: View & { sync: true }): Promise<void>;
  /** Only some have it. */
  compactRange?(
    start: Uint8Array,
    end: Uint8Array,
    options: { readonly keyEncoding: 'view' },
  ): Promise<void>;
}

/** A row to put or to delete. */
export type LogRowChange =
  | { readonly type: 'put'; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: Uint8Array };

type View = typeof VIEW;

const VIEW = { keyEncoding: 'view', valueEncoding: 'view' } as const;
const SYNCED = { ...VIEW, sync: true } as const;
/**
 * Size of a page of rows from a database, bytes. By default a database gives a few dozen rows, and each page waits for
 * everything else in the process: seconds for some thousand entries, under load.
 */
const AT_A_TIME = 2 ** 20;

/**
 * Binary rows of a database. Changes are synced, all of them or none; after one that failed it refuses further ones
 * until it is opened again, for what such a change left on disk is unknown until then.
 */
export class LogRows {
  readonly #database: LogDatabase;
  readonly #path: string;
  #failure: unknown;

  /**
   * @param database - Open.
   * @param path - Path of the database, for messages.
   */
  constructor(database: LogDatabase, path: string) {
    this.#database = database;
    this.#path = path;
  }

  /** The value under a key. */
  async get(key: Uint8Array): Promise<Uint8Array | undefined> {
    return await this.#database.get(key, VIEW);
  }

  /** The values under keys, in their order. */
  async getMany(keys: Uint8Array[]): Promise<(Uint8Array | undefined)[]> {
    return await this.#database.getMany(keys, VIEW);
  }

  /** The rows from a key to before another, in the order of their keys or the reverse. */
  async range(
    from: Uint8Array,
    to: Uint8Array,
    options: { readonly limit?: number; readonly reverse?: boolean } = {},
  ): Promise<[Uint8Array, Uint8Array][]> {
    const range = { gte: from, lt: to, ...options, ...VIEW, highWaterMarkBytes: AT_A_TIME };
    return await this.#database.iterator(range).all();
  }

  /**
   * The rows from a place to before another, by their places.
   * @param key - The key of a place: a byte, then the place.
   */
  async numbered(
    key: (place: number) => Uint8Array,
    from: number,
    to: number,
  ): Promise<ReadonlyMap<number, Uint8Array>> {
    const rows = await this.range(key(from), key(to));
    return new Map(rows.map(([found, value]) => [readU64(found, 1), value]));
  }

  /** Tells whether there is no row at all. */
  async isEmpty(): Promise<boolean> {
    return (await this.#database.keys({ limit: 1, ...VIEW }).all()).length === 0;
  }

  /**
   * Makes changes, all or none, durably.
   * @throws MedsealError `FOLDER_UNWRITABLE`.
   */
  async write(changes: LogRowChange[]): Promise<void> {
    try {
      if (this.#failure !== undefined) throw this.#failure;
      await this.#database.batch(changes, SYNCED);
    } catch (cause) {
      this.#failure = cause;
      throw new MedsealError('FOLDER_UNWRITABLE', { path: this.#path }, { cause });
    }
  }

  /**
   * Replaces rows, durably, and takes the bytes that they had from the database's files if it knows how to
   * (`classic-level` does).
   * @throws MedsealError `FOLDER_UNWRITABLE`.
   */
  async purge(
    rows: readonly { readonly key: Uint8Array; readonly value: Uint8Array }[],
  ): Promise<void> {
    const keys = rows.map(({ key }) => key);
    // LevelDB drops a row's bytes when it merges the next ones with them, which takes both to be in tables: without
    // the first pass they would go from memory to one table side by side, and stay.
    await this.#compact(keys);
    await this.write(rows.map((row) => ({ type: 'put', ...row })));
    await this.#compact(keys);
  }

  /** Closes the database. */
  async close(): Promise<void> {
    await this.#database.close();
  }

  async #compact(keys: readonly Uint8Array[]): Promise<void> {
    for (const key of keys) await this.#database.compactRange?.(key, key, VIEW);
  }
}
