import type { AbstractLevel } from 'abstract-level';

/** The database that the ledger is given: `classic-level` on disk, `memory-level` in tests. */
export type LedgerDatabase = AbstractLevel<string | Buffer | Uint8Array>;
