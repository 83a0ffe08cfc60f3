import { decodeQR } from 'qr/decode.js';
import { fitsQr } from '../../../src/protocol/wire/qrCapacity.ts';

/** Longest side of a picture that is looked through, in pixels: the decoder takes no longer one. */
export const LONGEST_SIDE = 4_000;

/** A picture, four bytes for each pixel. */
export type Pixels = Pick<ImageData, 'width' | 'height' | 'data'>;

/**
 * Reads the QR code in a picture.
 *
 * @param picture - The picture.
 * @param time - Milliseconds for further tries, after the first has failed.
 * @returns Its text, not trusted; undefined if there is no code that can be read, if the picture is too large, or if the text is longer
 * than any that Medseal writes.
 */
export function readCode({ width, height, data }: Pixels, time: number): string | undefined {
  const isFit = data.length === width * height * 4 && data.length > 0;
  if (!isFit || Math.max(width, height) > LONGEST_SIDE) return undefined;
  const text = decoded({ width, height, data }, time);
  return text !== undefined && fitsQr(text) ? text : undefined;
}

function decoded(picture: Pixels, timeLimit: number): string | undefined {
  try {
    return decodeQR(picture, { timeLimit });
  } catch {
    // It throws for each picture without a code, and says no more than that.
    return undefined;
  }
}
