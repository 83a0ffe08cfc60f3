import { bytesToUtf8, utf8ToBytes } from '../crypto/bytes.ts';

/** The tar format of POSIX (ustar, IEEE Std 1003.1-2001, pax "ustar Interchange Format"): blocks of 512 bytes. */
export const BLOCK = 512;
/** Size in bytes from which on a size is written in binary, as GNU tar does. */
const OCTAL_LIMIT = 8 ** 11;

/** A file in a tar archive. */
export interface TarEntry {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/**
 * Makes the header of a regular file of mode 0600.
 *
 * @param entry - Path and size; a path of at most 255 bytes whose last part has at most 100.
 * @param at - Time of its last change, Unix seconds.
 * @returns 512 bytes.
 * @throws RangeError if the path is too long.
 */
export function encodeTarHeader({ path, size }: TarEntry, at: number): Uint8Array {
  const header = new Uint8Array(BLOCK);
  const { name, prefix } = split(path);
  const put = (text: string, offset: number): void => header.set(utf8ToBytes(text), offset);
  put(name, 0);
  put('0000600\0', 100);
  put('0000000\0', 108);
  put('0000000\0', 116);
  if (size < OCTAL_LIMIT) put(`${size.toString(8).padStart(11, '0')}\0`, 124);
  else header.set(binary(size), 124);
  put(`${at.toString(8).padStart(11, '0')}\0`, 136);
  put(' '.repeat(8), 148);
  put('0', 156);
  put('ustar\u{0}00', 257);
  put(prefix, 345);
  put(`${checksum(header).toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

/**
 * Reads a header.
 *
 * @param header - 512 bytes.
 * @returns The file; undefined for a block of zeros, with which an archive ends.
 * @throws RangeError if it is not the header of a regular file, or was altered.
 */
export function decodeTarHeader(header: Uint8Array): TarEntry | undefined {
  if (header.every((byte) => byte === 0)) return undefined;
  const said = Number.parseInt(text(header, 148, 8), 8);
  const blank = header.slice();
  blank.fill(0x20, 148, 156);
  if (said !== checksum(blank)) throw new RangeError('a header was altered');
  if (text(header, 257, 5) !== 'ustar' || !['0', ''].includes(text(header, 156, 1))) {
    throw new RangeError('an entry is not a file');
  }
  const prefix = text(header, 345, 155);
  const name = text(header, 0, 100);
  return { path: prefix === '' ? name : `${prefix}/${name}`, size: sizeIn(header) };
}

/** Returns the zeros that fill the last block of a file. */
export function paddingOf(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

function split(path: string): { name: string; prefix: string } {
  if (utf8ToBytes(path).length <= 100) return { name: path, prefix: '' };
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)];
    if (utf8ToBytes(name).length <= 100 && utf8ToBytes(prefix).length <= 155)
      return { name, prefix };
  }
  throw new RangeError(`the path is too long: ${path}`);
}

function checksum(header: Uint8Array): number {
  return header.reduce((sum, byte) => sum + byte, 0);
}

function binary(size: number): Uint8Array {
  const bytes = new Uint8Array(12);
  bytes[0] = 0x80;
  new DataView(bytes.buffer).setBigUint64(4, BigInt(size));
  return bytes;
}

function sizeIn(header: Uint8Array): number {
  if (header[124] === 0x80) {
    return Number(new DataView(header.buffer, header.byteOffset).getBigUint64(128));
  }
  const size = Number.parseInt(text(header, 124, 12), 8);
  if (!Number.isSafeInteger(size)) throw new RangeError('a header was altered');
  return size;
}

function text(header: Uint8Array, from: number, length: number): string {
  const bytes = header.subarray(from, from + length);
  const end = bytes.indexOf(0);
  return bytesToUtf8(end < 0 ? bytes : bytes.subarray(0, end)).trim();
}
