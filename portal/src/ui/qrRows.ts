import { encodeQR } from 'qr';

/**
 * Returns the dots of a text's QR code, true for each dark one, with a white edge.
 *
 * @param text - The text.
 * @param exact - True for a text in which capitals matter: the code is larger, and is corrected less.
 */
export function qrRows(text: string, exact: boolean): readonly (readonly boolean[])[] {
  return encodeQR(exact ? text : text.toUpperCase(), 'raw', { ecc: exact ? 'low' : 'medium' });
}
