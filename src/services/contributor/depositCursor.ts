import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { canonicalJson } from '../../protocol/canonicalJson.ts';
import { BYTES32, findShapeError } from '../../protocol/findShapeError.ts';
import type { Bytes32, Hex } from '../../protocol/ids.ts';

/** Position up to which a peer's deposits were read. */
export interface DepositCursor {
  readonly series: Hex;
  readonly place: number;
  /** Names, before the place, of deposits that this node could not judge yet, and asks for again. */
  readonly early?: readonly Bytes32[];
}

const CURSOR = {
  series: /^0x[0-9a-f]*$/,
  place: 'count',
  'early?': [BYTES32],
  sum: 'text',
} as const;

/** Hash function of a row's checksum. */
type Hashes = Pick<Primitives, 'sha256'>;

/**
 * Returns the row for the position up to which a peer was read.
 *
 * @param primitives - SHA-256.
 * @param key - Key of the row, which names the peer.
 * @param cursor - The position.
 */
export function cursorRow(primitives: Hashes, key: string, cursor: DepositCursor): string {
  return JSON.stringify({ ...cursor, sum: sumOf(primitives, key, cursor) });
}

/**
 * Reads what `cursorRow` wrote. With too high a position, what comes before it would never be copied, so a damaged row
 * counts for nothing.
 *
 * @param primitives - SHA-256.
 * @param key - Key of the row.
 * @param text - The row; undefined if absent.
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

/** Detects damage, not malice: a writer of the row can write this too. */
function sumOf({ sha256 }: Hashes, key: string, cursor: DepositCursor): string {
  return bytesToHex(sha256(utf8ToBytes(`${key} ${canonicalJson(cursor)}`)).subarray(0, 8));
}
