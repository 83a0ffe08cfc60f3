import type { AbstractBatchOptions, AbstractLevel } from 'abstract-level';

type Level = AbstractLevel<string | Buffer | Uint8Array>;

/** The database that the ledger is given: LevelDB on disk, `memory-level` in tests. It reads without waiting. */
export interface LedgerDatabase extends Pick<
  Level,
  'open' | 'close' | 'getSync' | 'get' | 'getMany' | 'iterator' | 'keys' | 'values'
> {
  /** Makes changes, all or none. */
  batch<Key, Value>(
    changes: (
      | { readonly type: 'put'; readonly key: Key; readonly value: Value }
      | { readonly type: 'del'; readonly key: Key }
    )[],
    options: AbstractBatchOptions<Key, Value>,
  ): Promise<void>;
}
