import { hexToBytes } from '../crypto/bytes.ts';
import { u64 } from '../crypto/u64.ts';
import type { EntryBody } from '../protocol/evidence.ts';
import { ZERO32, type Bytes32, type Handle } from '../protocol/ids.ts';
import { acceptedWrite } from './acceptedWrite.ts';
import { keys } from './keys.ts';

/** A row of an index. */
export interface IndexRow {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/**
 * What the indexes of a log say of an entry, by its body; a summary concerns no patient, and is found by itself.
 *
 * @param index - The entry's place.
 * @param answered - What it is found by: the EIP-712 digest of the request in its body, the entry itself for a summary.
 * @param body - The body.
 */
export function indexRows(index: number, answered: Bytes32, body: EntryBody): readonly IndexRow[] {
  if (body.format === 'medseal-summary/1') return rowsOf(answered, body.at, ZERO32, index);
  const { handle, deadline } = body.request.message;
  const rows = rowsOf(answered, deadline, handle, index);
  const write = acceptedWrite(body);
  if (write === undefined) return rows;
  const key = keys.version(hexToBytes(handle), hexToBytes(write.record), write.version);
  return [...rows, { key, value: u64(index) }];
}

function rowsOf(
  request: Bytes32,
  deadline: number,
  handle: Handle,
  index: number,
): readonly IndexRow[] {
  return [
    { key: keys.request(deadline, hexToBytes(request)), value: u64(index) },
    { key: keys.patient(hexToBytes(handle), index), value: new Uint8Array(0) },
  ];
}
