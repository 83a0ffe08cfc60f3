import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { canonicalJson } from '../../protocol/canonicalJson.ts';
import { BYTES32, findShapeError } from '../../protocol/findShapeError.ts';
import type { Bytes32, Hex } from '../../protocol/ids.ts';

/** How far what a peer keeps was read. */
export interface DepositCursor {
  readonly series: Hex;
  readonly place: number;
  /** Names before it of what this node could not judge yet, and asks for again. */
  readonly early?: readonly Bytes32[];
}

const CURSOR = {
  series: /^0x[0-9a-f]*$/,
  place: 'count',
  'early?': [BYTES32],
  sum: 'text',
} as const;

/** What a row's checksum is made with. */
type Hashes = Pick<Primitives, 'sha256'>;

/**
 * How far a peer was read, as its row says it.
 *
 * @param primitives - SHA-256.
 * @param key - Of the row, which names the peer.
 * @param cursor - How far.
 */
export function cursorRow(primitives: Hashes, key: string, cursor: DepositCursor): string {
  return JSON.stringify({ ...cursor, sum: sumOf(primitives, key, cursor) });
}

/**
 * Reads what `cursorRow` wrote. A place too far would have what comes before it never copied, so a row that was
 * damaged says nothing.
 *
 * @param primitives - SHA-256.
 * @param key - Of the row.
 * @param text - The row; undefined if there is none.
 */
export function parseCursor(
  primitives: Hashes,
  key: string,
  text: string | undefined,
): DepositCursor | undefined {
  try {
    const row: unknown = JSON.parse(text ?? '');
    if (findShapeError(CURSOR, row, 'it') !== undefined) return undefined;
    const { sum, ...cursor } = row as DepositCursor & { readonly sum: string };
    return sum === sumOf(primitives, key, cursor) ? cursor : undefined;
  } catch {
    return undefined;
  }
}

/** Tells damage, not malice: whoever can write the row can write this. */
function sumOf({ sha256 }: Hashes, key: string, cursor: DepositCursor): string {
  return bytesToHex(sha256(utf8ToBytes(`${key} ${canonicalJson(cursor)}`)).subarray(0, 8));
}
