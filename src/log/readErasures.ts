import { bytesToUtf8 } from '../crypto/bytes.ts';
import { readU64 } from '../crypto/u64.ts';
import { parseEntryBody } from '../protocol/evidence/parseBody.ts';
import type { Erase } from '../protocol/struct/requests.ts';
import { acceptedErase } from '../protocol/rights/acceptedErase.ts';
import type { BodyEncryption } from './encryptBodies.ts';
import { decodeEntryRow } from './entryRow.ts';
import { ERASURES, logRowKeys } from './keys.ts';
import type { LogRows } from './LogRows.ts';

/**
 * Reads the erasures of a log at rest by its index. One that cannot be read is passed over: an examination of the rows
 * tells.
 *
 * @param rows - The log's.
 * @param bodies - Encrypts bodies.
 */
export async function readErasures(
  rows: LogRows,
  bodies: BodyEncryption,
): Promise<readonly Erase[]> {
  const found: Erase[] = [];
  for (const [key] of await rows.range(...ERASURES)) {
    try {
      const index = readU64(key, key.length - 8);
      const [row, sealed] = await rows.getMany([logRowKeys.entry(index), logRowKeys.body(index)]);
      const said = decodeEntryRow(row);
      if (said === undefined || sealed === undefined) continue;
      const body = parseEntryBody(bytesToUtf8(bodies.open(index, sealed, said.entry)));
      const erase = acceptedErase(body);
      if (erase !== undefined) found.push(erase);
    } catch {
      continue;
    }
  }
  return found;
}
