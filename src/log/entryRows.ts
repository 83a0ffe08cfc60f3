import { hexToBytes } from '../crypto/bytes.ts';
import { u64 } from '../crypto/u64.ts';
import type { Handle } from '../protocol/ids.ts';
import type { BodyEncryption } from './encryptBodies.ts';
import { encodeEntryRow } from './entryRow.ts';
import { keys } from './keys.ts';
import type { RowChange } from './LogRows.ts';
import { fileOf, type PreparedEntry, type PreparedKept } from './prepareEntry.ts';
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
 * @param ownsFile - Whether no earlier entry put its sealed file on a chart.
 */
export function entryRows(
  bodies: BodyEncryption,
  verdicts: VerdictWriter,
  index: number,
  prepared: PreparedEntry | PreparedKept,
  ownsFile: boolean,
): RowChange[] {
  const kept = { ...prepared, verdicts: verdicts.encode(prepared.verdicts) };
  const rows = [put(keys.entry(index), encodeEntryRow(kept))];
  const file = ownsFile ? fileOf(prepared) : undefined;
  if (file !== undefined) rows.push(put(keys.file(file), u64(index)));
  if (!('body' in prepared)) return [...rows, ...tombstoneRows(index, prepared.tombstone)];
  const { given, body, request, handle, version } = prepared;
  rows.push(
    put(keys.body(index), bodies.seal(index, body)),
    put(keys.request(given.deadline, request), u64(index)),
    put(keys.patient(handle, index), NOTHING),
  );
  if (version !== undefined) {
    rows.push(put(keys.version(handle, version.record, version.version), u64(index)));
  }
  return rows;
}

function tombstoneRows(index: number, tombstone: Tombstone | undefined): RowChange[] {
  if (tombstone === undefined) {
    return [put(keys.body(index), NOTHING), put(keys.patient(hexToBytes(UNKNOWN), index), NOTHING)];
  }
  const { handle, version } = tombstone;
  const patient = hexToBytes(handle);
  const rows = [
    put(keys.body(index), encodeTombstone(tombstone)),
    put(keys.patient(patient, index), NOTHING),
  ];
  if (version === undefined) return rows;
  const key = keys.version(patient, hexToBytes(version.record), version.version);
  return [...rows, put(key, u64(index))];
}

function put(key: Uint8Array, value: Uint8Array): RowChange {
  return { type: 'put', key, value };
}
