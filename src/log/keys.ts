import { pooledBytes, pooledConcat } from '../crypto/pooledBytes.ts';
import { concatBytes, utf8ToBytes } from '../crypto/bytes.ts';
import { u64, writeU64 } from '../crypto/u64.ts';

/**
 * The rows of a log's database. A key is a byte that says what it is, then numbers as 8 bytes big-endian, so that
 * the database's order is that of the numbers.
 */
export const logRowKeys = {
  /** Whose log it is, JSON. */
  identity: utf8ToBytes('identity'),
  /** Number of entries, 8 bytes. */
  size: utf8ToBytes('size'),
  /** An entry: see `entryRow`. */
  entry: (index: number): Uint8Array => numbered(0x01, index),
  /**
   * An entry's body, encrypted, behind the secret that opens it together with the storage key; once erased, its
   * tombstone, or nothing if that is not known.
   */
  body: (index: number): Uint8Array => numbered(0x02, index),
  /** Statement of a coordinator over an array of entries, JSON, under its SHA-256. */
  statement: (id: Uint8Array): Uint8Array => pooledConcat(STATEMENT, id),
  /** A placed checkpoint, JSON, under its size. */
  checkpoint: (size: number): Uint8Array => numbered(0x05, size),
  /** The hash of a complete subtree of 2^level leaves, for every fourth level from the fourth on. */
  hash: (level: number, index: number): Uint8Array => numbered(0x10 + level, index),
  /**
   * Place of the entry that answers a request, 8 bytes. The deadline comes first, so that new rows lie behind old ones,
   * and whoever looks for a request that is not there yet passes few files of the database.
   */
  request: (deadline: number, digest: Uint8Array): Uint8Array =>
    pooledConcat(REQUEST, u64(deadline), digest),
  /** Nothing; one for each entry that concerns a patient. */
  patient: (handle: Uint8Array, index: number): Uint8Array =>
    pooledConcat(PATIENT, handle, u64(index)),
  /** Place of the entry that put a record version on a chart, 8 bytes. */
  version: (handle: Uint8Array, record: Uint8Array, version: number): Uint8Array =>
    pooledConcat(VERSION, handle, record, u64(version)),
  /** Place of the first entry that put a sealed file on a chart, 8 bytes. */
  file: (hash: Uint8Array): Uint8Array => pooledConcat(FILE, hash),
  /** Nothing; one for each entry that erases records of a patient. */
  erasure: (handle: Uint8Array, index: number): Uint8Array =>
    pooledConcat(ERASURE, handle, u64(index)),
  /** End of a chart's record versions. */
  versionsEnd: (handle: Uint8Array): Uint8Array =>
    pooledConcat(VERSION, handle, new Uint8Array(41).fill(0xff)),
} as const;

const STATEMENT = Uint8Array.of(0x04);
const REQUEST = Uint8Array.of(0x06);
const PATIENT = Uint8Array.of(0x07);
const VERSION = Uint8Array.of(0x08);
const FILE = Uint8Array.of(0x09);
const ERASURE = Uint8Array.of(0x0a);

/** Range of the rows of entries that erase. */
export const ERASURES: readonly [Uint8Array, Uint8Array] = [ERASURE, Uint8Array.of(0x0b)];

/** Tells whether a row is that of an entry's body. */
export function isBodyKey(key: Uint8Array): boolean {
  return key.length === 9 && key[0] === 0x02;
}

function numbered(kind: number, value: number): Uint8Array {
  const key = pooledBytes(9);
  key[0] = kind;
  writeU64(key, 1, value);
  return key;
}

/** Ranges of keys in which no kind of row lies. */
export const STRAY: readonly (readonly [Uint8Array, Uint8Array])[] = [
  [new Uint8Array(0), Uint8Array.of(0x01)],
  [Uint8Array.of(0x03), Uint8Array.of(0x04)],
  [Uint8Array.of(0x0b), Uint8Array.of(0x10)],
  [Uint8Array.of(0x45), logRowKeys.identity],
  [concatBytes(logRowKeys.identity, Uint8Array.of(0)), logRowKeys.size],
  [concatBytes(logRowKeys.size, Uint8Array.of(0)), Uint8Array.of(0xff)],
];
