import { readNumber, writeNumber } from './keys.ts';

/** What a log keeps of an entry for ever. */
export interface EntryRow {
  /** SHA-256 of the body, 32 bytes. */
  readonly entry: Uint8Array;
  /** The moment that the body names, Unix seconds. */
  readonly at: number;
  /** Bytes of the body. */
  readonly bodySize: number;
}

/** An entry's row as bytes: entry ‖ at ‖ size of the body. */
export function encodeEntryRow({ entry, at, bodySize }: EntryRow): Uint8Array {
  const bytes = new Uint8Array(48);
  bytes.set(entry);
  writeNumber(bytes, 32, at);
  writeNumber(bytes, 40, bodySize);
  return bytes;
}

/** The row that bytes hold. */
export function decodeEntryRow(bytes: Uint8Array): EntryRow {
  return {
    entry: bytes.subarray(0, 32),
    at: readNumber(bytes, 32),
    bodySize: readNumber(bytes, 40),
  };
}
