import { pngOf } from './pngOf.ts';

/** Dots of a picture for each dot of a code. */
const SCALE = 6;

/**
 * Makes a picture of a code, as a PNG file.
 *
 * @param rows - The code, true for each dark dot, with its white edge.
 */
export function pictureOf(rows: readonly (readonly boolean[])[]): Buffer {
  const side = rows.length * SCALE;
  const isDark = (x: number, y: number): boolean =>
    rows[Math.floor(y / SCALE)]?.[Math.floor(x / SCALE)] === true;
  return pngOf(side, side, (x, y) => (isDark(x, y) ? 0 : 255));
}
