import { utf8ToBytes } from '../crypto/bytes.ts';
import type { BodyEncryption } from './encryptBodies.ts';
import { encodeEntryRow } from './entryRow.ts';
import { keys, number } from './keys.ts';
import type { RowChange } from './LogRows.ts';
import type { PreparedEntry, PreparedKept } from './prepareEntry.ts';

const NOTHING = new Uint8Array(0);

/**
 * The rows that an entry becomes at its place, those of the tree aside.
 *
 * @param bodies - Encrypts the body.
 * @param index - The place.
 * @param prepared - The entry; without a body there is nothing that it is found by.
 */
export function entryRows(
  bodies: BodyEncryption,
  index: number,
  prepared: PreparedEntry | PreparedKept,
): RowChange[] {
  const rows = [
    put(keys.entry(index), encodeEntryRow(prepared)),
    put(keys.verdicts(index), utf8ToBytes(JSON.stringify(prepared.verdicts))),
  ];
  if (!('body' in prepared)) return rows;
  const { body, request, handle, version } = prepared;
  const { secret, sealed } = bodies.seal(index, body);
  rows.push(
    put(keys.body(index), sealed),
    put(keys.bodySecret(index), secret),
    put(keys.request(request), number(index)),
    put(keys.patient(handle, index), NOTHING),
  );
  if (version !== undefined) {
    rows.push(put(keys.version(handle, version.record, version.version), number(index)));
  }
  return rows;
}

function put(key: Uint8Array, value: Uint8Array): RowChange {
  return { type: 'put', key, value };
}
