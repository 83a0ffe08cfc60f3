import { crc32, deflateSync } from 'node:zlib';

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
    Buffer.from('\u0089PNG\r\n\u001A\n', 'latin1'),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(pixels, { level: 1 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A chunk of a PNG file (ISO/IEC 15948). */
function chunk(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
