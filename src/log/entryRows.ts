import { u64 } from '../crypto/u64.ts';
import type { BodyEncryption } from './encryptBodies.ts';
import { encodeEntryRow } from './entryRow.ts';
import { erasedRows } from './erasedRows.ts';
import { logRowKeys } from './keys.ts';
import type { RowChange } from '../database/synced.ts';
import { fileOf, type PreparedEntry, type PreparedRow } from './prepareEntry.ts';
import type { VerdictWriter } from './verdictRows.ts';

const NOTHING = new Uint8Array(0);

/**
 * The rows that an entry becomes at its place, those of the tree and of statements aside.
 *
 * @param bodies - Encrypts the body.
 * @param verdicts - Encodes the verdicts.
 * @param index - The place.
 * @param prepared - The entry; without a body it is found by its tombstone alone, or is one of the unknown.
 * @param ownsFile - True if no earlier entry put its sealed file on a chart.
 */
export function entryRows(
  bodies: BodyEncryption,
  verdicts: VerdictWriter,
  index: number,
  prepared: PreparedEntry | PreparedRow,
  ownsFile: boolean,
): RowChange<Uint8Array>[] {
  const kept = { ...prepared, verdicts: verdicts.encode(prepared.verdicts) };
  const rows = [put(logRowKeys.entry(index), encodeEntryRow(kept))];
  const file = ownsFile ? fileOf(prepared) : undefined;
  if (file !== undefined) rows.push(put(logRowKeys.file(file), u64(index)));
  if (!('body' in prepared)) {
    return [
      ...rows,
      ...erasedRows(index, prepared.tombstone).map(({ key, value }) => put(key, value)),
    ];
  }
  const { given, body, request, handle, version } = prepared;
  rows.push(
    put(logRowKeys.body(index), bodies.seal(index, body)),
    put(logRowKeys.request(given.deadline, request), u64(index)),
    put(logRowKeys.patient(handle, index), NOTHING),
  );
  if (given.erases === true) rows.push(put(logRowKeys.erasure(handle, index), NOTHING));
  if (version !== undefined) {
    rows.push(put(logRowKeys.version(handle, version.record, version.version), u64(index)));
  }
  return rows;
}

function put(key: Uint8Array, value: Uint8Array): RowChange<Uint8Array> {
  return { type: 'put', key, value };
}
