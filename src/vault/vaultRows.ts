import { pooledBytes, pooledConcat } from '../crypto/pooledBytes.ts';
import { writeHex } from '../crypto/bytes.ts';
import { readU64, u64, writeU64 } from '../crypto/u64.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Bytes32, Handle } from '../protocol/ids.ts';

/**
 * The rows of a vault's index: `FILE ‖ hash` → size ‖ lease, and a byte more if the bytes are a row; `OWNER ‖ hash ‖
 * handle` → nothing; `DUE ‖ lease ‖ hash` → nothing, for files that nobody owns; `CONTENT ‖ hash` → the bytes of a
 * small file. Numbers are 8 bytes big-endian.
 */
export const [FILE, OWNER, DUE, CONTENT] = [1, 2, 3, 4] as const;

/** The index's row on a file. */
export interface IndexedFile {
  /** Bytes. */
  readonly size: number;
  /** Unix seconds. */
  readonly leaseUntil: number;
  /** True if its bytes are a row of the index; they are a file otherwise. */
  readonly inRow: boolean;
}

const IN_ROW = Uint8Array.of(1);
const NOTHING = new Uint8Array(0);

/** The index's row on a file, in bytes. */
export function encodeFile({ size, leaseUntil, inRow }: IndexedFile): Uint8Array {
  return pooledConcat(u64(size), u64(leaseUntil), inRow ? IN_ROW : NOTHING);
}

/** Reads what `encodeFile` wrote; undefined if there is nothing. */
export function decodeFile(row: Uint8Array | undefined): IndexedFile | undefined {
  if (row === undefined || row.length < 16) return undefined;
  return { size: readU64(row, 0), leaseUntil: readU64(row, 8), inRow: row.length > 16 };
}

/** Key of the row on a file. */
export function fileKey(hash: Bytes32): Uint8Array {
  return keyOf(FILE, hash);
}

/** Key of the bytes of a small file. */
export function contentKey(hash: Bytes32): Uint8Array {
  return keyOf(CONTENT, hash);
}

/** From before the first key of the bytes of a small file to behind the last; neither is a key. */
export const CONTENTS = {
  first: Uint8Array.of(CONTENT),
  last: new Uint8Array(34).fill(0xff).fill(CONTENT, 0, 1),
} as const;

/** Key of the row that says that a handle owns a file; without a handle, the beginning of the keys of all owners. */
export function ownerKey(hash: Bytes32, handle?: Handle): Uint8Array {
  return handle === undefined ? keyOf(OWNER, hash) : keyOf(OWNER, hash, handle);
}

/** Key of the row that says when a lease ends; without a file, the beginning of the keys of all that end then. */
export function dueKey(leaseUntil: number, hash?: Bytes32): Uint8Array {
  const key = pooledBytes(hash === undefined ? 9 : 41);
  key[0] = DUE;
  writeU64(key, 1, leaseUntil);
  if (hash !== undefined) writeWord(hash, key, 9);
  return key;
}

/** Made in one piece: there are some ten to every entry of a log. */
function keyOf(kind: number, ...words: readonly Bytes32[]): Uint8Array {
  const key = pooledBytes(1 + 32 * words.length);
  key[0] = kind;
  for (const [place, hex] of words.entries()) writeWord(hex, key, 1 + 32 * place);
  return key;
}

function writeWord(hex: Bytes32, key: Uint8Array, offset: number): void {
  if (hex.length !== 66) throw new MedsealError('REQUEST_MALFORMED', { what: 'a 32-byte word' });
  writeHex(hex, key, offset);
}
