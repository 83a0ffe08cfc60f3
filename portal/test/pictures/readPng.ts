import { inflateSync } from 'node:zlib';
import { PNG_START } from '../pngChunk.ts';
import type { Picture } from './Picture.ts';

/** Bytes of a dot, by the number that PNG has for kinds of colours: with a palette, without and with transparency. */
const BYTES: Readonly<Record<number, number>> = { 2: 3, 3: 1, 6: 4 };

/**
 * Reads a PNG file as browsers and `writePng` write it: eight bits for each part of a dot, not interlaced.
 *
 * @param file - The bytes of the file.
 * @throws Error for any other file.
 */
export function readPng(file: Buffer): Picture {
  if (!file.subarray(0, 8).equals(PNG_START)) throw new Error('This is not a PNG file.');
  const chunks = chunksOf(file);
  const head = Buffer.concat(chunks.get('IHDR') ?? []);
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)];
  const size = BYTES[head[9] ?? -1];
  if (head[8] !== 8 || head[12] !== 0 || size === undefined) {
    throw new Error('This reads PNG files of eight bits alone, with a palette or in colours.');
  }
  const lines = inflateSync(Buffer.concat(chunks.get('IDAT') ?? []));
  const plain = unfiltered(lines, width * size, height, size);
  const colours = size === 1 ? Buffer.concat(chunks.get('PLTE') ?? []) : plain;
  const dots = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < dots.length; from += size, to += 3) {
    const at = size === 1 ? (plain[from] ?? 0) * 3 : from;
    for (let part = 0; part < 3; part++) dots[to + part] = colours[at + part] ?? 0;
  }
  return { width, height, dots };
}

/** The content of all chunks by their names. */
function chunksOf(file: Buffer): ReadonlyMap<string, readonly Buffer[]> {
  const found = new Map<string, readonly Buffer[]>();
  for (let at = 8; at < file.length;) {
    const length = file.readUInt32BE(at);
    const name = file.toString('latin1', at + 4, at + 8);
    found.set(name, [...(found.get(name) ?? []), file.subarray(at + 8, at + 8 + length)]);
    at += length + 12;
  }
  return found;
}

/** Takes the filter off each line, which says by how much a byte differs from those beside and above it. */
function unfiltered(lines: Buffer, width: number, height: number, size: number): Uint8Array {
  const plain = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const filter = lines[y * (width + 1)] ?? 0;
    const [from, to] = [y * (width + 1) + 1, y * width];
    for (let x = 0; x < width; x++) {
      const at = to + x;
      const left = x < size ? 0 : (plain[at - size] ?? 0);
      const up = y === 0 ? 0 : (plain[at - width] ?? 0);
      const corner = x < size || y === 0 ? 0 : (plain[at - width - size] ?? 0);
      plain[at] = (lines[from + x] ?? 0) + predicted(filter, left, up, corner);
    }
  }
  return plain;
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const a = Math.abs(up - corner);
  const b = Math.abs(left - corner);
  const c = Math.abs(left + up - 2 * corner);
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}
