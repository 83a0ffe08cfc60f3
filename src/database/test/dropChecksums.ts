import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { databasesIn } from '../files/databasesIn.ts';
import { CHECKSUM_BYTES } from '../rows/rowChecksum.ts';
import { BINARY } from '../synced.ts';

/**
 * Makes the databases of a stopped node's folder what they were before layout 10: rows without checksums.
 *
 * @param data - The folder.
 * @returns Number of rows.
 */
export async function dropChecksums(data: string): Promise<number> {
  let rows = 0;
  for (const path of await databasesIn(data)) {
    // This one has no rows of a node.
    if (path === 'lock') continue;
    const engine = new ClassicLevel<Uint8Array, Uint8Array>(join(data, path), BINARY);
    for (const [key, stored] of await engine.iterator().all()) {
      if (key.length === 0) await engine.del(key);
      else await engine.put(key, stored.subarray(0, -CHECKSUM_BYTES));
      rows += 1;
    }
    await engine.close();
  }
  return rows;
}
