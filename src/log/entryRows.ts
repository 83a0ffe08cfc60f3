import type { BodyEncryption } from './encryptBodies.ts';
import { encodeEntryRow } from './entryRow.ts';
import { keys, number } from './keys.ts';
import type { RowChange } from './LogRows.ts';
import type { PreparedEntry, PreparedKept } from './prepareEntry.ts';
import type { VerdictWriter } from './verdictRows.ts';

const NOTHING = new Uint8Array(0);

/**
 * The rows that an entry becomes at its place, those of the tree and of statements aside.
 *
 * @param bodies - Encrypts the body.
 * @param verdicts - Encodes the verdicts.
 * @param index - The place.
 * @param prepared - The entry; without a body there is nothing that it is found by.
 */
export function entryRows(
  bodies: BodyEncryption,
  verdicts: VerdictWriter,
  index: number,
  prepared: PreparedEntry | PreparedKept,
): RowChange[] {
  const kept = { ...prepared, verdicts: verdicts.encode(prepared.verdicts) };
  const rows = [put(keys.entry(index), encodeEntryRow(kept))];
  if (!('body' in prepared)) return [...rows, put(keys.body(index), NOTHING)];
  const { body, request, handle, version } = prepared;
  rows.push(
    put(keys.body(index), bodies.seal(index, body)),
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
