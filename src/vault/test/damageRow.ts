import { BINARY, BINARY_SYNCED, type ServiceDatabase } from '../../database/synced.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { contentKey } from '../vaultRows.ts';

/**
 * Changes the bytes of a small file behind a vault's back.
 *
 * @returns True if the file is one.
 */
export async function damageRow(
  database: ServiceDatabase,
  hash: Bytes32,
  change: (bytes: Uint8Array) => Uint8Array,
): Promise<boolean> {
  const key = contentKey(hash);
  const row = await database.get<Uint8Array, Uint8Array>(key, BINARY);
  if (row === undefined) return false;
  const changed = { type: 'put', key, value: change(row) } as const;
  await database.batch<Uint8Array, Uint8Array>([changed], BINARY_SYNCED);
  return true;
}
