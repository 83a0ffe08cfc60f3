import { open, type FileHandle } from 'node:fs/promises';
import { concatBytes } from '../../crypto/bytes.ts';
import { maskedCrc32c } from './crc32c.ts';

/**
 * LevelDB's format of logs and manifests (google/leveldb `doc/log_format.md`): blocks of 32 KiB with records in them,
 * each with checksum, length and type; a longer write goes on in the next block.
 */
const BLOCK = 32 * 1024;
const HEADER = 7;
/** Bytes that are read at once, if a file has as many. */
const AT_ONCE = 8 * BLOCK;
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

/** Reads the blocks of a file into the same memory: each is good until the next one is asked for. */
async function* blocksOf(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const memory = new Uint8Array(Math.min(AT_ONCE, BLOCK * (Math.floor(size / BLOCK) + 1)));
    for (let filled = memory.length; filled === memory.length;) {
      filled = await fill(file, memory);
      for (let at = 0; at < filled; at += BLOCK) {
        yield memory.subarray(at, Math.min(at + BLOCK, filled));
      }
    }
  } finally {
    await file.close();
  }
}

/** Reads on until the memory is full or the file ends; returns how many bytes it read. */
async function fill(file: FileHandle, memory: Uint8Array): Promise<number> {
  let filled = 0;
  while (filled < memory.length) {
    const { bytesRead } = await file.read(memory, filled, memory.length - filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}
