import { hexToBytes } from '../crypto/bytes.ts';
import { readU64, u64 } from '../crypto/u64.ts';
import type { EntryBody } from '../protocol/evidence/evidence.ts';
import { ZERO32, type Bytes32, type Handle } from '../protocol/ids.ts';
import { acceptedErase } from '../protocol/rights/acceptedErase.ts';
import { acceptedWrite } from './acceptedWrite.ts';
import { logRowKeys } from './keys.ts';

/** A row of an index. */
export interface IndexRow {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/**
 * Rows of a log's indexes for an entry, by its body; a summary concerns no patient, and is found by itself. A sealed
 * file is found by the first entry that names it: its row may name an earlier place (`isOfEarlier`).
 *
 * @param index - The entry's place.
 * @param answered - Name that it is found by: the EIP-712 digest of the request in its body, the entry itself for a
 * summary.
 * @param body - The body.
 */
export function indexRows(index: number, answered: Bytes32, body: EntryBody): readonly IndexRow[] {
  if (body.format === 'medseal-summary/1') return rowsOf(answered, body.at, ZERO32, index);
  const { handle, deadline } = body.request.message;
  const rows = rowsOf(answered, deadline, handle, index);
  if (acceptedErase(body) !== undefined) {
    const key = logRowKeys.erasure(hexToBytes(handle), index);
    return [...rows, { key, value: new Uint8Array(0) }];
  }
  const write = acceptedWrite(body);
  if (write === undefined) return rows;
  const version = logRowKeys.version(hexToBytes(handle), hexToBytes(write.record), write.version);
  const value = u64(index);
  return [
    ...rows,
    { key: version, value },
    { key: logRowKeys.file(hexToBytes(write.file)), value },
  ];
}

function rowsOf(
  request: Bytes32,
  deadline: number,
  handle: Handle,
  index: number,
): readonly IndexRow[] {
  return [
    { key: logRowKeys.request(deadline, hexToBytes(request)), value: u64(index) },
    { key: logRowKeys.patient(hexToBytes(handle), index), value: new Uint8Array(0) },
  ];
}

/**
 * Tells whether the row of a sealed file leads to an earlier entry than the one that it is looked up for, which then is not
 * the entry whose file it is.
 *
 * @param known - The row as it is there.
 * @param expected - The row as the entry would have it.
 */
export function isOfEarlier(known: Uint8Array | undefined, { key, value }: IndexRow): boolean {
  if (key[0] !== FILE || known?.length !== value.length) return false;
  return readU64(known, 0) < readU64(value, 0);
}

/** First byte of the keys of files. */
const FILE = logRowKeys.file(new Uint8Array(32))[0];
