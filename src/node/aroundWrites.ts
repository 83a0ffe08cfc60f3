import type { ServiceDatabase } from '../services/synced.ts';

/** What changes a database. */
const WRITES = ['put', 'del', 'batch', 'clear'] as const;

type Write = (...values: unknown[]) => Promise<unknown>;

/**
 * Has everything that changes a database go through a function. Reads are as before.
 *
 * @param database - It is changed, and given back.
 * @param around - Does the write that it is given, when and if it may be done.
 */
export function aroundWrites(
  database: ServiceDatabase,
  around: (write: () => Promise<unknown>) => Promise<unknown>,
): ServiceDatabase {
  for (const name of WRITES) {
    const write = database[name].bind(database) as Write;
    const wrapped: Write = async (...values) => await around(async () => await write(...values));
    Object.defineProperty(database, name, { value: wrapped, configurable: true });
  }
  return database;
}
