import { joinBytes, utf8ToBytes } from './bytes.ts';

/**
 * Bytes for what is soon handed on and then forgotten, as the rows of a database are: cut from a larger piece, for a
 * buffer of its own costs up to ten microseconds, most of it when it is taken away again. Whoever keeps such bytes keeps
 * the whole piece, and so would whoever sends them to another thread.
 */

/** Bytes of a piece. */
const PIECE = 32 * 2 ** 10;
/** Longer bytes have a buffer of their own. */
const LONGEST = PIECE / 4;

let piece = new Uint8Array(PIECE);
let used = 0;
const encoder = new TextEncoder();

/**
 * So many zeros, to be written and soon forgotten.
 *
 * @param length - Bytes.
 */
export function pooledBytes(length: number): Uint8Array {
  if (length > LONGEST) return new Uint8Array(length);
  if (used + length > PIECE) beginPiece();
  return cut(length);
}

/** All of the parts, one after the other, soon forgotten. */
export function pooledConcat(...parts: readonly Uint8Array[]): Uint8Array {
  return joinBytes(parts, pooledBytes);
}

/** A text as UTF-8, soon forgotten. */
export function pooledUtf8(text: string): Uint8Array {
  // No character of a text takes more than three bytes for each of its units.
  if (3 * text.length > LONGEST) return utf8ToBytes(text);
  if (used + 3 * text.length > PIECE) beginPiece();
  return cut(encoder.encodeInto(text, piece.subarray(used)).written);
}

function beginPiece(): void {
  piece = new Uint8Array(PIECE);
  used = 0;
}

/** The next bytes of the piece; each run begins at a multiple of eight, which ciphers read fastest. */
function cut(length: number): Uint8Array {
  const bytes = piece.subarray(used, used + length);
  used += (length + 7) & ~7;
  return bytes;
}
