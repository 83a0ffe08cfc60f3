import { createHash } from 'node:crypto';
import { storageError } from '../../errors/toPublicError.ts';
import { u64 } from '../../crypto/u64.ts';
import {
  BINARY,
  BINARY_SYNCED,
  type RowChange,
  type ServiceDatabase,
} from '../../database/synced.ts';
import type { Bytes32 } from '../../protocol/ids.ts';

/** The rows of a store: how many, and a hash over all of them in their order. */
export interface StoreDigest {
  readonly rows: number;
  readonly sha256: Bytes32;
}

/** Rows and bytes that are written at once. */
const [ROWS, BYTES] = [1000, 4 * 2 ** 20];

/**
 * Copies a store into another engine, and reads all of it back. A copy that is whole already is left as it is.
 *
 * @param from - The store; nobody writes to it.
 * @param to - The copy; other rows there are removed.
 * @param onRows - Called with the number of rows that were copied or compared so far.
 * @throws MedsealError `STORAGE_FAILED` if the copy reads otherwise; of the engines.
 */
export async function copyStore(
  from: ServiceDatabase,
  to: ServiceDatabase,
  onRows: (rows: number) => void = () => undefined,
): Promise<StoreDigest & { readonly isCopied: boolean }> {
  const wanted = await digestOf(from, onRows);
  if (areSame(await digestOf(to, onRows), wanted)) return { ...wanted, isCopied: false };
  await to.clear();
  let waiting: RowChange<Uint8Array>[] = [];
  let [rows, bytes] = [0, 0];
  const write = async (): Promise<void> => {
    if (waiting.length > 0) await to.batch<Uint8Array, Uint8Array>(waiting, BINARY_SYNCED);
    rows += waiting.length;
    onRows(rows);
    [waiting, bytes] = [[], 0];
  };
  for await (const [key, value] of from.iterator<Uint8Array, Uint8Array>(BINARY)) {
    waiting.push({ type: 'put', key, value });
    bytes += key.length + value.length;
    if (waiting.length >= ROWS || bytes >= BYTES) await write();
  }
  await write();
  if (areSame(await digestOf(to, onRows), wanted)) return { ...wanted, isCopied: true };
  throw storageError(new Error('the copy of a store reads otherwise than the store'));
}

async function digestOf(
  database: ServiceDatabase,
  onRows: (rows: number) => void,
): Promise<StoreDigest> {
  const hash = createHash('sha256');
  let rows = 0;
  for await (const [key, value] of database.iterator<Uint8Array, Uint8Array>(BINARY)) {
    for (const part of [key, value]) hash.update(u64(part.length)).update(part);
    rows += 1;
    if (rows % ROWS === 0) onRows(rows);
  }
  return { rows, sha256: `0x${hash.digest('hex')}` };
}

function areSame(one: StoreDigest, other: StoreDigest): boolean {
  return one.rows === other.rows && one.sha256 === other.sha256;
}
