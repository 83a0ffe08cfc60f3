import { equalBytes, hexToBytes } from '../crypto/bytes.ts';
import { u64 } from '../crypto/u64.ts';
import type { Handle } from '../protocol/ids.ts';
import type { IndexRow } from './indexRows.ts';
import { logRowKeys } from './keys.ts';
import type { LogRows } from './LogRows.ts';
import { decodeTombstone, encodeTombstone, isErased, type Tombstone } from './tombstone.ts';

const NOTHING = new Uint8Array(0);
/** In the index of patients, in place of the handle: entries of which nobody knows whom they concern. No hash is this. */
export const UNKNOWN: Handle = `0x${'ff'.repeat(32)}`;

/**
 * Rows of an entry whose body was erased: first that of the body, then those of the indexes, by which the first can be told
 * from a body that somebody cut off.
 *
 * @param index - The entry's place.
 * @param tombstone - Knowledge that stays of the body; undefined if nothing does.
 */
export function erasedRows(index: number, tombstone: Tombstone | undefined): readonly IndexRow[] {
  if (tombstone === undefined) {
    return [
      { key: logRowKeys.body(index), value: NOTHING },
      { key: logRowKeys.patient(hexToBytes(UNKNOWN), index), value: NOTHING },
    ];
  }
  const { handle, version } = tombstone;
  const patient = hexToBytes(handle);
  const rows = [
    { key: logRowKeys.body(index), value: encodeTombstone(tombstone) },
    { key: logRowKeys.patient(patient, index), value: NOTHING },
  ];
  if (version === undefined) return rows;
  const key = logRowKeys.version(patient, hexToBytes(version.record), version.version);
  return [...rows, { key, value: u64(index) }];
}

/**
 * Returns the places at which a body's row says that the body was erased, and the indexes say otherwise.
 *
 * @param rows - The log's.
 * @param sealed - Rows of bodies, by their places.
 */
export async function findFalseTombstones(
  rows: LogRows,
  sealed: ReadonlyMap<number, Uint8Array>,
): Promise<ReadonlySet<number>> {
  const wanted = [...sealed].flatMap(([index, row]) =>
    isErased(row) ? erasedRows(index, decodeTombstone(row)).map((each) => ({ index, each })) : [],
  );
  const found = await rows.getMany(wanted.map(({ each }) => each.key));
  const isThere = (place: number, value: Uint8Array): boolean => {
    const there = found[place];
    return there !== undefined && equalBytes(there, value);
  };
  return new Set(
    wanted.flatMap(({ index, each }, place) => (isThere(place, each.value) ? [] : [index])),
  );
}
