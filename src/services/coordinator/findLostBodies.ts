import { hexToBytes } from '../../crypto/bytes.ts';
import type { ServiceDatabase } from '../../database/synced.ts';
import type { BodyEncryption } from '../../log/encryptBodies.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { succeeds } from '../../protocol/succeeds.ts';
import { bodyKey } from './coordinatorKeys.ts';

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
  const options = { valueEncoding: 'view' };
  const rows = await database.getMany<string, Uint8Array>(entries.map(bodyKey), options);
  return entries.flatMap((entry, place) => {
    const row = rows[place];
    if (row === undefined)
      return [`the body of entry ${entry}, which its coordinator judged, is lost`];
    const isWhole = succeeds(() => bodies.open(0, row, hexToBytes(entry)).length > 0);
    return isWhole ? [] : [`the stored body of entry ${entry} was altered`];
  });
}
