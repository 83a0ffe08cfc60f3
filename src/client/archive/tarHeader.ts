import { bytesToUtf8, concatBytes, utf8ToBytes } from '../../crypto/bytes.ts';

/** Bytes of a block of a tar file. */
export const TAR_BLOCK = 512;
/** Two blocks of zeros end a tar file. */
export const TAR_END = 2 * TAR_BLOCK;
/** Longest name that a header holds, bytes. */
const LONGEST_NAME = 100;
/** The largest size that eleven octal digits hold. */
const OCTAL_SIZE = 8 ** 11;
const SIZE_AT = 124;
const CHECKSUM_AT = 148;

/** A file in a tar file, as its header names it. */
export interface TarNamed {
  readonly name: string;
  /** Bytes of its content. */
  readonly size: number;
}

/**
 * Makes the header of a plain file in a tar file (POSIX ustar): for its owner alone, without owner and time, so that one
 * name and size have one header. A size of 8 GiB or more is written in binary, as GNU tar and others read it.
 *
 * @param entry - Name of ASCII letters, at most 100, and size.
 */
export function tarHeader({ name, size }: TarNamed): Uint8Array {
  const header = new Uint8Array(TAR_BLOCK);
  const put = (text: string, at: number): void => header.set(utf8ToBytes(text), at);
  put(name.slice(0, LONGEST_NAME), 0);
  put('0000600\0', 100);
  put('0000000\0', 108);
  put('0000000\0', 116);
  if (size < OCTAL_SIZE) put(`${size.toString(8).padStart(11, '0')}\0`, SIZE_AT);
  else {
    header[SIZE_AT] = 0x80;
    new DataView(header.buffer).setBigUint64(SIZE_AT + 4, BigInt(size));
  }
  put('00000000000\0', 136);
  put('        ', CHECKSUM_AT);
  put('0', 156);
  put('ustar', 257);
  put('00', 263);
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(`${sum.toString(8).padStart(6, '0')}\0 `, CHECKSUM_AT);
  return header;
}

/**
 * Reads a header that `tarHeader` made. Any other is refused: links, folders, long names, and sizes that readers take for
 * different ones.
 *
 * @param header - 512 bytes.
 * @returns Undefined if it is not exactly the header of its name and size.
 */
export function readTarHeader(header: Uint8Array): TarNamed | undefined {
  const end = header.indexOf(0);
  const name = asciiOf(header.subarray(0, Math.min(LONGEST_NAME, end < 0 ? LONGEST_NAME : end)));
  if (name === undefined || name === '') return undefined;
  const entry = { name, size: sizeOf(header) };
  if (!Number.isSafeInteger(entry.size)) return undefined;
  const expected = tarHeader(entry);
  const isSame =
    header.length === TAR_BLOCK && expected.every((byte, place) => header[place] === byte);
  return isSame ? entry : undefined;
}

/**
 * Returns the zeros that follow a file of a size, up to the next block.
 *
 * @param size - Bytes.
 */
export function tarPadding(size: number): Uint8Array {
  return new Uint8Array((TAR_BLOCK - (size % TAR_BLOCK)) % TAR_BLOCK);
}

/**
 * Returns a small file as it lies in a tar file: header, content and zeros.
 *
 * @param name - Its name.
 * @param content - Its content.
 */
export function tarFile(name: string, content: Uint8Array): Uint8Array {
  const { length: size } = content;
  return concatBytes(tarHeader({ name, size }), content, tarPadding(size));
}

function sizeOf(header: Uint8Array): number {
  if (header[SIZE_AT] === 0x80) {
    const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
    return Number(view.getBigUint64(SIZE_AT + 4));
  }
  const text = asciiOf(header.subarray(SIZE_AT, SIZE_AT + 11)) ?? '';
  return /^[0-7]{11}$/.test(text) ? Number.parseInt(text, 8) : Number.NaN;
}

/** Undefined if a byte is not of a character that can be seen. */
function asciiOf(bytes: Uint8Array): string | undefined {
  return bytes.every((byte) => byte > 0x20 && byte < 0x7f) ? bytesToUtf8(bytes) : undefined;
}
