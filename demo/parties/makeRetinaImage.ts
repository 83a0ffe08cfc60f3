import { crc32, deflateSync } from 'node:zlib';

/** Pixels of a side. */
const SIDE = 320;

/** A colour: red, green and blue from 0 to 255. */
type Colour = readonly [number, number, number];

/**
 * Draws an eye's retina as a camera would show it, as a PNG file: the demonstration's image, of nobody's eye.
 */
export function makeRetinaImage(): Uint8Array {
  const rows = Buffer.alloc(SIDE * (1 + SIDE * 3));
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const at = y * (1 + SIDE * 3) + 1 + x * 3;
      rows.set(colourAt(x / SIDE - 0.5, y / SIDE - 0.5), at);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIDE, 0);
  header.writeUInt32BE(SIDE, 4);
  // 8 bits a channel, red, green and blue.
  header.set([8, 2], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The colour of a point, both of whose coordinates go from -0.5 to 0.5. */
function colourAt(x: number, y: number): Colour {
  const centre = Math.hypot(x, y);
  if (centre > 0.48) return [8, 6, 6];
  const disc = Math.hypot((x + 0.2) / 0.075, y / 0.09);
  if (disc < 1) return [255, Math.round(232 - 40 * disc), Math.round(170 - 60 * disc)];
  const dim = 1 - centre * 0.9;
  const spot = Math.exp(-((x - 0.13) ** 2 + y ** 2) / 0.006) * 0.45;
  const vessel = isVessel(x + 0.2, Math.abs(y)) ? 0.55 : 1;
  const light = dim * (1 - spot) * vessel;
  return [Math.round(226 * light), Math.round(112 * light * vessel), Math.round(58 * light)];
}

/** Tells whether a point lies on one of the arcs that leave the disc, above or below. */
function isVessel(x: number, y: number): boolean {
  const arcs = [
    { height: 0.34, length: 0.62, width: 0.009 },
    { height: 0.21, length: 0.5, width: 0.006 },
    { height: 0.24, length: -0.22, width: 0.007 },
  ];
  return arcs.some(({ height, length, width }) => {
    const along = x / length;
    if (along < 0 || along > 1) return false;
    return Math.abs(y - height * Math.sin(along ** 0.6 * 2.4)) < width * (1.3 - along);
  });
}

/** A chunk of a PNG file (ISO/IEC 15948). */
function chunk(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
