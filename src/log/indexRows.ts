import { hexToBytes } from '../crypto/bytes.ts';
import { u64 } from '../crypto/u64.ts';
import type { EntryBody } from '../protocol/evidence.ts';
import { ZERO32, type Bytes32, type Handle } from '../protocol/ids.ts';
import type { Write } from '../protocol/requests.ts';
import { digestOf, type SigningContext } from '../protocol/signing.ts';
import { keys } from './keys.ts';

/** A row of an index. */
export interface IndexRow {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/**
 * What the indexes of a log say of an entry, by its body; a summary concerns no patient, and is found by itself.
 *
 * @param context - Domain and primitives.
 * @param index - The entry's place.
 * @param entry - SHA-256 of the body.
 * @param body - The body.
 * @returns The rows, and the write that was accepted, where it is one.
 */
export function indexRows(
  context: SigningContext,
  index: number,
  entry: Bytes32,
  body: EntryBody,
): { readonly rows: readonly IndexRow[]; readonly write?: Write } {
  const place = u64(index);
  if (body.format === 'medseal-summary/1') return { rows: rowsOf(entry, body.at, ZERO32, index) };
  const { type, message } = body.request;
  const { handle, deadline } = message;
  const rows = rowsOf(digestOf(context, type, message), deadline, handle, index);
  if (body.flag === 'R' || type !== 'Write') return { rows };
  const write = message as Write;
  const { record, version } = write;
  const key = keys.version(hexToBytes(handle), hexToBytes(record), version);
  return { rows: [...rows, { key, value: place }], write };
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
