import type { AbstractBatchOperation, AbstractLevel } from 'abstract-level';
import { MedsealError } from '../errors/MedsealError.ts';

/** A database, or a sublevel, that is one log's alone: `classic-level` on disk, `memory-level` in tests. */
export type LogDatabase = AbstractLevel<string | Buffer | Uint8Array>;

/** A row to put or to delete. */
export type RowChange = AbstractBatchOperation<LogDatabase, Uint8Array, Uint8Array>;

const VIEW = { keyEncoding: 'view', valueEncoding: 'view' } as const;
const SYNCED = { ...VIEW, sync: true } as const;

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
   * @param path - Where it lies, for messages.
   */
  constructor(database: LogDatabase, path: string) {
    this.#database = database;
    this.#path = path;
  }

  /** The value under a key. */
  async get(key: Uint8Array): Promise<Uint8Array | undefined> {
    return await this.#database.get<Uint8Array, Uint8Array>(key, VIEW);
  }

  /** The values under keys, in their order. */
  async getMany(keys: Uint8Array[]): Promise<(Uint8Array | undefined)[]> {
    return await this.#database.getMany<Uint8Array, Uint8Array>(keys, VIEW);
  }

  /** The rows from a key to before another, in the order of their keys or the reverse. */
  async range(
    from: Uint8Array,
    to: Uint8Array,
    options: { readonly limit?: number; readonly reverse?: boolean } = {},
  ): Promise<[Uint8Array, Uint8Array][]> {
    const range = { gte: from, lt: to, ...options, ...VIEW };
    return await this.#database.iterator<Uint8Array, Uint8Array>(range).all();
  }

  /** Whether there is no row at all. */
  async isEmpty(): Promise<boolean> {
    return (await this.#database.keys({ limit: 1 }).all()).length === 0;
  }

  /**
   * Makes changes, all or none, durably.
   * @throws MedsealError `FOLDER_UNWRITABLE`.
   */
  async write(changes: RowChange[]): Promise<void> {
    try {
      if (this.#failure !== undefined) throw this.#failure;
      await this.#database.batch<Uint8Array, Uint8Array>(changes, SYNCED);
    } catch (cause) {
      this.#failure = cause;
      throw new MedsealError('FOLDER_UNWRITABLE', { path: this.#path }, { cause });
    }
  }

  /**
   * Deletes rows, durably, and their bytes from the database's files where it knows how to (`classic-level` does).
   * @throws MedsealError `FOLDER_UNWRITABLE`.
   */
  async purge(keys: readonly Uint8Array[]): Promise<void> {
    // LevelDB drops a row's bytes when it merges the deletion with them, which takes both to be in tables: without
    // the first pass they would go from memory to one table side by side, and stay.
    await this.#compact(keys);
    await this.write(keys.map((key) => ({ type: 'del', key })));
    await this.#compact(keys);
  }

  /** Closes the database. */
  async close(): Promise<void> {
    await this.#database.close();
  }

  async #compact(keys: readonly Uint8Array[]): Promise<void> {
    const { compactRange } = this.#database as Partial<Compacting>;
    for (const key of keys) await compactRange?.call(this.#database, key, key, VIEW);
  }
}

interface Compacting {
  compactRange(
    start: Uint8Array,
    end: Uint8Array,
    options: { readonly keyEncoding: 'view' },
  ): Promise<void>;
}
