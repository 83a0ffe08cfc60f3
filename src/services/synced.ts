import type { AbstractBatchOptions, AbstractLevel } from 'abstract-level';

/** A service's own database: `classic-level` on disk, `memory-level` in tests. */
export type ServiceDatabase = AbstractLevel<string | Uint8Array | Buffer>;

/** For a write that must be on disk when its promise resolves. */
export const SYNCED: AbstractBatchOptions<string, string> & { readonly sync: true } = {
  sync: true,
};
