import { deflateSync } from 'node:zlib';
import { PNG_START, pngChunk } from './pngChunk.ts';

/**
 * Makes a picture in greys, as a PNG file.
 *
 * @param width - Its width, in pixels.
 * @param height - Its height, in pixels.
 * @param grey - Returns the brightness of a pixel, 0 for black and 255 for white.
 */
export function pngOf(
  width: number,
  height: number,
  grey: (x: number, y: number) => number,
): Buffer {
  const line = width + 1;
  const pixels = Buffer.alloc(line * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) pixels[y * line + x + 1] = grey(x, y);
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  // Bits of a pixel; the zeros behind stand for greys.
  head[8] = 8;
  return Buffer.concat([
    PNG_START,
    pngChunk('IHDR', head),
    pngChunk('IDAT', deflateSync(pixels, { level: 1 })),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}
