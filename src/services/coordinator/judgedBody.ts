import { bytesToUtf8 } from '../../crypto/bytes.ts';
import type { BodyEncryption } from '../../log/encryptBodies.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { bodyKey } from './coordinatorKeys.ts';
import { BINARY_VALUES, type ServiceDatabase } from '../../database/synced.ts';
import { openJudged } from './openJudged.ts';

/**
 * The body of an entry that an organisation's coordinator judged, as it keeps it.
 *
 * @param database - The coordinator's.
 * @param bodies - Encrypts the bodies that it keeps.
 * @param entry - SHA-256 of the body.
 * @returns Undefined if it judged no such entry, or the body is lost.
 */
export async function judgedBody(
  database: ServiceDatabase,
  bodies: BodyEncryption,
  entry: Bytes32,
): Promise<string | undefined> {
  const row = await database.get<string, Uint8Array>(bodyKey(entry), BINARY_VALUES);
  const body = openJudged(bodies, entry, row);
  return body && bytesToUtf8(body);
}
