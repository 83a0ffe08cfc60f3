import type { ServiceDatabase } from './synced.ts';
import { aroundWrites } from './aroundWrites.ts';
import type { WriteGate } from './WriteGate.ts';

/**
 * Makes a database write through a gate. Reads are as before.
 *
 * @param database - It is changed, and given back.
 * @param gate - The gate.
 */
export function gateDatabase<Database extends ServiceDatabase>(
  database: Database,
  gate: WriteGate,
): Database {
  return aroundWrites(database, async (write) => await gate.run(write));
}
