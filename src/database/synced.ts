import type {
  AbstractBatchDelOperation,
  AbstractBatchOptions,
  AbstractBatchPutOperation,
  AbstractLevel,
} from 'abstract-level';

type Level = AbstractLevel<string | Uint8Array | Buffer>;

/** A row to put or to delete. */
export type RowChange<Key, Value = Key> =
  | { readonly type: 'put'; readonly key: Key; readonly value: Value }
  | { readonly type: 'del'; readonly key: Key };

/** A change of a batch, perhaps with encodings of its own. */
type Change<Key, Value> =
  | Omit<AbstractBatchPutOperation<Level, Key, Value>, 'sublevel'>
  | Omit<AbstractBatchDelOperation<Level, Key>, 'sublevel'>;

/**
 * The port of every store: its own database of rows, sorted by the bytes of their keys.
 *
 * - `get`, `getMany`: rows as the last write left them; undefined for an absent one.
 * - `batch`: all of its rows or none. With `SYNCED` it is durable once its promise resolves. The last change of a key
 *   counts.
 * - `iterator`, `keys`, `values`: rows of a range. Their pages need not be one moment's: a row that is written meanwhile
 *   may be among them, or not.
 * - `clear`: deletes the rows of a range.
 *
 * It takes no further write after a failed one (`haltAfterFailure`), since nobody knows what such a write left on disk.
 */
export interface ServiceDatabase extends Pick<
  Level,
  'open' | 'close' | 'get' | 'getMany' | 'put' | 'del' | 'iterator' | 'keys' | 'values' | 'clear'
> {
  /** Makes changes, all or none; without options, of texts. */
  batch(changes: Change<string, string>[]): Promise<void>;
  batch<Key = string, Value = string>(
    changes: Change<Key, Value>[],
    options: AbstractBatchOptions<Key, Value>,
  ): Promise<void>;
  /**
   * Makes changes durably, all or none, and takes the bytes that their rows had before from all files that the database
   * has written, so far as somebody could read a value with them. If it rejects, they may still be there: repeat it.
   *
   * @param changes - The last change of a key counts.
   */
  purge(changes: readonly RowChange<Uint8Array>[]): Promise<void>;
  /** Merges a range of rows in its files, which gives room back; a database without files of its own lacks it. */
  compactRange?<Key>(
    start: Key,
    end: Key,
    options: { readonly keyEncoding: typeof BINARY.keyEncoding },
  ): Promise<void>;
}

/** A database on this machine, which can also be read without waiting, and whose iterators show the moment at which they were made. */
export interface LocalDatabase extends ServiceDatabase, Pick<Level, 'getSync'> {}

/** Options of a write that must be on disk when its promise resolves, whatever its rows are. */
export const SYNCED: { readonly sync: true; readonly keyEncoding?: 'utf8' } = { sync: true };

/** Options of a read whose keys and values are bytes. */
export const BINARY = { keyEncoding: 'view', valueEncoding: 'view' } as const;

/** Options of such a write, on disk when its promise resolves. */
export const BINARY_SYNCED = { ...BINARY, sync: true } as const;

/** Options of a read or a write whose values are bytes, under keys of text. */
export const BINARY_VALUES = { valueEncoding: 'view' } as const;
