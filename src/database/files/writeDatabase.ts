import { mkdir } from 'node:fs/promises';
import { ClassicLevel } from 'classic-level';

/** As the databases of a folder are. */
const OPTIONS = { compression: false, keyEncoding: 'view', valueEncoding: 'view' } as const;

/**
 * Writes rows into a new LevelDB folder, as they are: a database of Medseal has its checksums in them.
 *
 * @param path - A folder that does not exist.
 * @param rows - In any order.
 * @throws Error of the system, or as `rows` does.
 */
export async function writeDatabase(
  path: string,
  rows: AsyncIterable<readonly (readonly [Uint8Array, Uint8Array])[]>,
): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const database = new ClassicLevel<Uint8Array, Uint8Array>(path, OPTIONS);
  try {
    await database.open();
    for await (const some of rows) {
      await database.batch(some.map(([key, value]) => ({ type: 'put', key, value })));
    }
  } finally {
    await database.close();
  }
}
