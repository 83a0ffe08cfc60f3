import { BINARY_VALUES, type ServiceDatabase } from '../../database/synced.ts';
import type { BodyEncryption } from '../../log/encryptBodies.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { bodyKey } from './coordinatorKeys.ts';
import { openJudged } from './openJudged.ts';

/**
 * Finds bodies that a coordinator judged, as a log says, and that it lost or that were altered.
 *
 * @param database - The coordinator's.
 * @param bodies - Encrypts the bodies that it keeps.
 * @param entries - Entries that it judged.
 * @returns A phrase for each.
 */
export async function findLostBodies(
  database: ServiceDatabase,
  bodies: BodyEncryption,
  entries: readonly Bytes32[],
): Promise<readonly string[]> {
  const rows = await database.getMany<string, Uint8Array>(entries.map(bodyKey), BINARY_VALUES);
  return entries.flatMap((entry, place) => {
    const row = rows[place];
    if (row === undefined)
      return [`the body of entry ${entry}, which its coordinator judged, is lost`];
    const isWhole = openJudged(bodies, entry, row) !== undefined;
    return isWhole ? [] : [`the stored body of entry ${entry} was altered`];
  });
}
