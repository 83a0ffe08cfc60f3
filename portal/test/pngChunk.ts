import { crc32 } from 'node:zlib';

/** The bytes with which every PNG file begins (ISO/IEC 15948). */
export const PNG_START: Buffer = Buffer.from('\u0089PNG\r\n\u001A\n', 'latin1');

/**
 * Makes a chunk of a PNG file.
 *
 * @param name - Four letters.
 * @param data - Content of the chunk.
 */
export function pngChunk(name: string, data: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
