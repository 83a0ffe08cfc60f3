import { createReadStream } from 'node:fs';
import { concatBytes } from '../../crypto/bytes.ts';
import { maskedCrc32c } from './crc32c.ts';

/**
 * LevelDB's format of logs and manifests (google/leveldb `doc/log_format.md`): blocks of 32 KiB with records in them,
 * each with checksum, length and type; a longer write goes on in the next block.
 */
const BLOCK = 32 * 1024;
const HEADER = 7;
const [FULL, FIRST, MIDDLE, LAST] = [1, 2, 3, 4];

/** A piece of a log: the record of one write, and the byte after it; or a fault from a byte on. */
export type LevelLogPiece =
  | { readonly record: Uint8Array; readonly end: number }
  /** Byte of a record that was altered, or of bytes between records that are not zero. */
  | { readonly altered: number }
  /** Byte of the last write, which does not end: it was cut off, or its length was altered. */
  | { readonly unfinished: number };

/**
 * Reads a LevelDB log, record by record, and reports every byte that is not as LevelDB wrote it.
 *
 * @param path - The file.
 */
export async function* readLevelLog(path: string): AsyncGenerator<LevelLogPiece> {
  let parts: Uint8Array[] | undefined;
  let began = 0;
  let base = 0;
  for await (const block of blocksOf(path)) {
    for (let at = 0; at < block.length;) {
      const left = block.length - at;
      const header = block.subarray(at, at + HEADER);
      if (left < HEADER && block.length === BLOCK) {
        if (header.some((byte) => byte !== 0)) yield { altered: base + at };
        break;
      }
      const length = left < HEADER ? BLOCK : (header[4] ?? 0) + 256 * (header[5] ?? 0);
      if (HEADER + length > left) {
        // Only the last block may end within a record.
        yield block.length < BLOCK ? { unfinished: base + at } : { altered: base + at };
        parts = undefined;
        break;
      }
      const place = base + at;
      const type = header[6] ?? 0;
      const sealed = block.subarray(at + 6, at + HEADER + length);
      at += HEADER + length;
      const crc = new DataView(header.buffer, header.byteOffset).getUint32(0, true);
      const fits =
        parts === undefined ? type === FULL || type === FIRST : type === MIDDLE || type === LAST;
      const sound = crc === maskedCrc32c(sealed);
      if (!sound || !fits) {
        yield { altered: place };
        parts = undefined;
        if (sound) continue;
        // Its length may have been altered; LevelDB too goes on with the next block.
        break;
      }
      if (parts === undefined) [parts, began] = [[], place];
      parts.push(sealed.slice(1));
      if (type !== FULL && type !== LAST) continue;
      yield { record: concatBytes(...parts), end: base + at };
      parts = undefined;
    }
    base += block.length;
  }
  if (parts !== undefined) yield { unfinished: began };
}

async function* blocksOf(path: string): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array(0);
  for await (const part of createReadStream(path, { highWaterMark: 8 * BLOCK })) {
    let bytes = concatBytes(rest, part as Buffer);
    for (; bytes.length >= BLOCK; bytes = bytes.subarray(BLOCK)) yield bytes.subarray(0, BLOCK);
    rest = bytes;
  }
  if (rest.length > 0) yield rest;
}
