import type { ServiceDatabase } from './synced.ts';

/** Methods that change a database. */
const WRITES = ['put', 'del', 'batch', 'clear', 'purge'] as const;

type Write = (...values: unknown[]) => Promise<unknown>;

/**
 * Makes every change of a database go through a function. Reads are as before.
 *
 * @param database - It is changed, and given back.
 * @param around - Runs the write that it gets, when and if it is allowed.
 */
export function aroundWrites<Database extends ServiceDatabase>(
  database: Database,
  around: (write: () => Promise<unknown>) => Promise<unknown>,
): Database {
  for (const name of WRITES) {
    const write = database[name].bind(database) as Write;
    const wrapped: Write = async (...values) => await around(async () => await write(...values));
    Object.defineProperty(database, name, { value: wrapped, configurable: true });
  }
  return database;
}
