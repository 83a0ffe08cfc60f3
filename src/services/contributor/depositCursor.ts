import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import { BYTES32, type Pattern } from '../../protocol/wire/findShapeError.ts';
import type { Hex } from '../../protocol/ids.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import type { Of } from '../../protocol/struct/Of.ts';

const SERIES: Pattern<Hex> = /^0x[0-9a-f]*$/;
const CURSOR = {
  series: SERIES,
  place: 'count',
  /** Names, before the place, of deposits that this node could not judge yet, and asks for again. */
  'early?': [BYTES32],
} as const;
const ROW = { ...CURSOR, sum: 'text' } as const;

/** Position up to which a peer's deposits were read. */
export type DepositCursor = Of<typeof CURSOR>;

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
    if (!isOfShape(ROW, row)) return undefined;
    const { sum, ...cursor } = row;
    return sum === sumOf(primitives, key, cursor) ? cursor : undefined;
  } catch {
    return undefined;
  }
}

/** Detects damage, not malice: a writer of the row can write this too. */
function sumOf({ sha256 }: Hashes, key: string, cursor: DepositCursor): string {
  return bytesToHex(sha256(utf8ToBytes(`${key} ${canonicalJson(cursor)}`)).subarray(0, 8));
}
