import type { AbstractLevel } from 'abstract-level';

/** A service's own database: `classic-level` on disk, `memory-level` in tests. */
export type ServiceDatabase = AbstractLevel<string | Uint8Array | Buffer>;

/** Options of a write that must be on disk when its promise resolves, whatever its rows are. */
export const SYNCED: { readonly sync: true; readonly keyEncoding?: 'utf8' } = { sync: true };
