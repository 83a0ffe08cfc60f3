import { readVarint } from './varint.ts';

/** Sequence number and count, before the changes. */
const HEADER = 12;
const [DELETION, VALUE] = [0, 1];
/** The largest sequence number: one byte of the eight is the kind of change. */
const MOST = 2n ** 56n - 1n;

/**
 * Reads the sequence numbers of a LevelDB log's record (google/leveldb `db/write_batch.cc`). LevelDB ends the whole
 * process at numbers that it never writes, so they are looked for before it opens the log.
 *
 * @param record - The bytes that one write put into the log.
 * @returns The number of its first change, and that of its last, which is one less if it has no changes; undefined if
 * LevelDB does not write such a record.
 */
export function sequenceOf(
  record: Uint8Array,
): { readonly first: bigint; readonly last: bigint } | undefined {
  if (record.length < HEADER) return undefined;
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  const count = view.getUint32(8, true);
  const first = view.getBigUint64(0, true);
  const last = first + BigInt(count) - 1n;
  let found = 0;
  try {
    for (let at = HEADER; at < record.length; found++) {
      const kind = record[at];
      if (kind !== DELETION && kind !== VALUE) return undefined;
      const key = readVarint(record, at + 1);
      at = key.next + key.value;
      if (kind === DELETION) continue;
      const value = readVarint(record, at);
      at = value.next + value.value;
      if (at > record.length) return undefined;
    }
  } catch {
    return undefined;
  }
  return found === count && last <= MOST ? { first, last } : undefined;
}
