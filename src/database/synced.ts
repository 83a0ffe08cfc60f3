import type { AbstractLevel } from 'abstract-level';

/**
 * A store's own database: `classic-level` on disk, `memory-level` in tests. Stores rely on it to take no further write
 * after a failed one (`haltAfterFailure`), since nobody knows what such a write left on disk.
 */
export type ServiceDatabase = AbstractLevel<string | Uint8Array | Buffer> & {
  /** Merges a range of rows in its files, so that bytes that were replaced go; only `classic-level` has it. */
  compactRange?<Key>(
    start: Key,
    end: Key,
    options: { readonly keyEncoding: typeof BINARY.keyEncoding },
  ): Promise<void>;
};

/** A row to put or to delete. */
export type RowChange<Key, Value = Key> =
  | { readonly type: 'put'; readonly key: Key; readonly value: Value }
  | { readonly type: 'del'; readonly key: Key };

/** Options of a write that must be on disk when its promise resolves, whatever its rows are. */
export const SYNCED: { readonly sync: true; readonly keyEncoding?: 'utf8' } = { sync: true };

/** Options of a read whose keys and values are bytes. */
export const BINARY = { keyEncoding: 'view', valueEncoding: 'view' } as const;

/** Options of such a write, on disk when its promise resolves. */
export const BINARY_SYNCED = { ...BINARY, sync: true } as const;

/** Options of a read or a write whose values are bytes, under keys of text. */
export const BINARY_VALUES = { valueEncoding: 'view' } as const;
