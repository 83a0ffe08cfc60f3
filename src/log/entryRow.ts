import { pooledConcat } from '../crypto/pooledBytes.ts';
import { bytesToHex } from '../crypto/bytes.ts';
import { readU64, u64 } from '../crypto/u64.ts';
import type { SignedVerdict } from '../protocol/evidence/evidence.ts';
import type { StoredEntry } from './EvidenceLog.ts';

/** The parts of an entry that a log keeps for ever. */
export interface EntryRow {
  /** SHA-256 of the body, 32 bytes. */
  readonly entry: Uint8Array;
  /** The moment that the body names, Unix seconds. */
  readonly at: number;
  /** Bytes of the body. */
  readonly bodySize: number;
  /** Its verdicts, as `VerdictWriter` encodes them. */
  readonly verdicts: Uint8Array;
}

/** Bytes before the verdicts. */
const FIXED = 48;

/** An entry's row as bytes: entry ‖ at ‖ size of the body ‖ verdicts. */
export function encodeEntryRow({ entry, at, bodySize, verdicts }: EntryRow): Uint8Array {
  return pooledConcat(entry, u64(at), u64(bodySize), verdicts);
}

/** The row that bytes hold; undefined if they hold none. */
export function decodeEntryRow(bytes: Uint8Array | undefined): EntryRow | undefined {
  if (bytes === undefined || bytes.length < FIXED) return undefined;
  return {
    entry: bytes.subarray(0, 32),
    at: readU64(bytes, 32),
    bodySize: readU64(bytes, 40),
    verdicts: bytes.subarray(FIXED),
  };
}

/** Returns what is kept of an entry, once its verdicts were read. */
export function storedEntry(
  index: number,
  { entry, at, bodySize }: EntryRow,
  verdicts: readonly SignedVerdict[],
): StoredEntry {
  return { index, entry: bytesToHex(entry), at, bodySize, verdicts };
}
