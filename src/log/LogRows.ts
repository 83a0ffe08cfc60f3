import { readU64 } from '../crypto/u64.ts';
import { BINARY, BINARY_SYNCED, type RowChange, type ServiceDatabase } from '../database/synced.ts';

/**
 * Size of a page of rows from a database, bytes. By default a database gives a few dozen rows, and each page waits for
 * everything else in the process: seconds for some thousand entries, under load.
 */
const AT_A_TIME = 2 ** 20;

/** Rows of a log, in bytes. Changes are synced, all of them or none. */
export class LogRows {
  readonly #database: ServiceDatabase;

  /** @param database - The log's own, open. */
  constructor(database: ServiceDatabase) {
    this.#database = database;
  }

  /** The value under a key. */
  async get(key: Uint8Array): Promise<Uint8Array | undefined> {
    return await this.#database.get<Uint8Array, Uint8Array>(key, BINARY);
  }

  /** The values under keys, in their order. */
  async getMany(keys: Uint8Array[]): Promise<(Uint8Array | undefined)[]> {
    return await this.#database.getMany<Uint8Array, Uint8Array>(keys, BINARY);
  }

  /** The rows from a key to before another, in the order of their keys or the reverse. */
  async range(
    from: Uint8Array,
    to: Uint8Array,
    options: { readonly limit?: number; readonly reverse?: boolean } = {},
  ): Promise<[Uint8Array, Uint8Array][]> {
    const range = { gte: from, lt: to, ...options, ...BINARY, highWaterMarkBytes: AT_A_TIME };
    return await this.#database.iterator<Uint8Array, Uint8Array>(range).all();
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
    return (await this.#database.keys({ limit: 1 }).all()).length === 0;
  }

  /**
   * Makes changes, all or none, durably.
   * @throws MedsealError `FOLDER_UNWRITABLE`.
   */
  async write(changes: RowChange<Uint8Array>[]): Promise<void> {
    await this.#database.batch<Uint8Array, Uint8Array>(changes, BINARY_SYNCED);
  }

  /**
   * Replaces rows, durably, and takes the bytes that they had from the database's files.
   * @throws MedsealError `FOLDER_UNWRITABLE`.
   */
  async purge(
    rows: readonly { readonly key: Uint8Array; readonly value: Uint8Array }[],
  ): Promise<void> {
    await this.#database.purge(rows.map((row) => ({ type: 'put', ...row })));
  }

  /** Closes the database. */
  async close(): Promise<void> {
    await this.#database.close();
  }
}
