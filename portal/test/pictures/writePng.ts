import { deflateSync } from 'node:zlib';
import { PNG_START, pngChunk } from '../pngChunk.ts';
import type { Picture } from './Picture.ts';

/** Colours of even grounds that are exact, and all colours of a palette. */
const [GROUNDS, COLOURS] = [64, 256];
/** By how much another colour differs at the most from the one that stands for it, in red, green or blue. */
const NEAR = 20;

/**
 * Writes a small PNG file with a palette: even grounds keep their colours, edges of letters get one that is near.
 *
 * @param picture - The picture.
 */
export function writePng({ width, height, dots }: Picture): Buffer {
  const counts = new Map<number, number>();
  const grounds = new Map<number, number>();
  for (let at = 0; at < dots.length; at += 3) {
    const colour = colourAt(dots, at);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
    const isEven = colour === colourAt(dots, at + 3) && colour === colourAt(dots, at + width * 3);
    if (isEven) grounds.set(colour, (grounds.get(colour) ?? 0) + 1);
  }
  const palette = byCount(grounds).slice(0, GROUNDS);
  for (const colour of byCount(counts)) {
    const isFar = palette.every((each) => distance(each, colour) > NEAR);
    if (isFar && palette.length < COLOURS) palette.push(colour);
  }
  const places = new Map([...counts.keys()].map((colour) => [colour, nearest(palette, colour)]));
  const lines = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const colour = colourAt(dots, (y * width + x) * 3);
      lines[y * (width + 1) + 1 + x] = places.get(colour) ?? 0;
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  // Bits of a dot, and the number for a palette.
  head.set([8, 3], 8);
  return Buffer.concat([
    PNG_START,
    pngChunk('IHDR', head),
    pngChunk('PLTE', Buffer.from(palette.flatMap((colour) => partsOf(colour)))),
    pngChunk('IDAT', deflateSync(lines, { level: 9, memLevel: 9 })),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

function colourAt(dots: Uint8Array, at: number): number {
  return ((dots[at] ?? 0) << 16) | ((dots[at + 1] ?? 0) << 8) | (dots[at + 2] ?? 0);
}

function partsOf(colour: number): readonly [red: number, green: number, blue: number] {
  return [colour >> 16, (colour >> 8) & 255, colour & 255];
}

function byCount(counts: ReadonlyMap<number, number>): number[] {
  return [...counts]
    .toSorted(([a, many], [b, more]) => more - many || a - b)
    .map(([colour]) => colour);
}

/** The largest difference of two colours in one of their parts. */
function distance(one: number, other: number): number {
  return Math.max(
    Math.abs((one >> 16) - (other >> 16)),
    Math.abs(((one >> 8) & 255) - ((other >> 8) & 255)),
    Math.abs((one & 255) - (other & 255)),
  );
}

/** The place of the colour that differs least. */
function nearest(palette: readonly number[], wanted: number): number {
  const distances = palette.map((colour) => distance(colour, wanted));
  return distances.indexOf(Math.min(...distances));
}
