import { hexToBytes } from '../crypto/bytes.ts';
import { u64 } from '../crypto/u64.ts';
import type { Handle } from '../protocol/ids.ts';
import type { BodyEncryption } from './encryptBodies.ts';
import { encodeEntryRow } from './entryRow.ts';
import { logRowKeys } from './keys.ts';
import type { RowChange } from '../database/synced.ts';
import { fileOf, type PreparedEntry, type PreparedRow } from './prepareEntry.ts';
import { encodeTombstone, type Tombstone } from './tombstone.ts';
import type { VerdictWriter } from './verdictRows.ts';

const NOTHING = new Uint8Array(0);
/** In the index of patients, in place of the handle: entries of which nobody knows whom they concern. No hash is this. */
export const UNKNOWN: Handle = `0x${'ff'.repeat(32)}`;

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
  if (!('body' in prepared)) return [...rows, ...tombstoneRows(index, prepared.tombstone)];
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

function tombstoneRows(index: number, tombstone: Tombstone | undefined): RowChange<Uint8Array>[] {
  if (tombstone === undefined) {
    return [
      put(logRowKeys.body(index), NOTHING),
      put(logRowKeys.patient(hexToBytes(UNKNOWN), index), NOTHING),
    ];
  }
  const { handle, version } = tombstone;
  const patient = hexToBytes(handle);
  const rows = [
    put(logRowKeys.body(index), encodeTombstone(tombstone)),
    put(logRowKeys.patient(patient, index), NOTHING),
  ];
  if (version === undefined) return rows;
  const key = logRowKeys.version(patient, hexToBytes(version.record), version.version);
  return [...rows, put(key, u64(index))];
}

function put(key: Uint8Array, value: Uint8Array): RowChange<Uint8Array> {
  return { type: 'put', key, value };
}
