import { utf8ToBytes } from '../../crypto/bytes.ts';

/** Bytes that a QR code of version 40 holds with little correction, less a margin: what is longer is a file alone. */
export const MOST_IN_QR = 2900;

/**
 * Tells whether a QR code holds a text, of which letters beyond ASCII take two to four bytes.
 *
 * @param text - The text.
 */
export function fitsQr(text: string): boolean {
  return utf8ToBytes(text).length <= MOST_IN_QR;
}
