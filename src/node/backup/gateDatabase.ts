import type { ServiceDatabase } from '../../services/synced.ts';
import type { WriteGate } from './WriteGate.ts';

/** What changes a database. */
const WRITES = ['put', 'del', 'batch', 'clear'] as const;

type Write = (...values: unknown[]) => Promise<unknown>;

/**
 * Has a database write through a gate. Reads are as before.
 *
 * @param database - It is changed, and given back.
 * @param gate - The gate.
 */
export function gateDatabase(database: ServiceDatabase, gate: WriteGate): ServiceDatabase {
  for (const name of WRITES) {
    const write = database[name].bind(database) as Write;
    const gated: Write = async (...values) => await gate.run(async () => await write(...values));
    Object.defineProperty(database, name, { value: gated });
  }
  return database;
}
