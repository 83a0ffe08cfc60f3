import { bytesToHex, bytesToUtf8 } from '../crypto/bytes.ts';
import { MerkleFrontier } from '../crypto/merkle/MerkleFrontier.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import { readU64 } from '../crypto/u64.ts';
import type { Bytes32, LogName } from '../protocol/ids.ts';
import { hashReader } from './hashReader.ts';
import { logRowKeys } from './keys.ts';
import type { LogRows } from './LogRows.ts';

/**
 * Describes a log by its rows: read, not verified.
 *
 * @param rows - Of a database.
 * @param primitives - SHA-256.
 * @returns Undefined if it is not a log, or was damaged.
 */
export async function describeRows(
  rows: LogRows,
  primitives: Primitives,
): Promise<{ readonly log: LogName; readonly size: number; readonly root: Bytes32 } | undefined> {
  try {
    const claim = await rows.get(logRowKeys.identity);
    if (claim === undefined) return undefined;
    const { name } = JSON.parse(bytesToUtf8(claim)) as { name: LogName };
    const row = await rows.get(logRowKeys.size);
    const size = row === undefined ? 0 : readU64(row, 0);
    const frontier = await MerkleFrontier.load(primitives, size, hashReader(rows, primitives));
    return { log: name, size, root: bytesToHex(frontier.root()) };
  } catch {
    return undefined;
  }
}
