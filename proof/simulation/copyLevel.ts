import { MemoryDatabase } from '../../src/database/test/MemoryDatabase.ts';
import { BINARY, type ServiceDatabase } from '../../src/database/synced.ts';

/**
 * A database in memory with the rows of another.
 *
 * @param level - Any.
 */
export async function copyLevel(level: ServiceDatabase): Promise<MemoryDatabase> {
  const copy = new MemoryDatabase();
  const rows = await level.iterator<Uint8Array, Uint8Array>(BINARY).all();
  await copy.batch<Uint8Array, Uint8Array>(
    rows.map(([key, value]) => ({ type: 'put', key, value })),
    BINARY,
  );
  return copy;
}
