import { crc32 } from 'node:zlib';

/** Bytes of a row's checksum, behind its value. */
export const CHECKSUM_BYTES = 4;

/**
 * Makes of a value what an engine stores: the value, and CRC-32 of key and value behind it, lowest byte first. Behind it, since
 * the first bytes of some values are kept elsewhere.
 *
 * @param key - Key of the row, so that no value passes for another's; a text counts as its UTF-8.
 * @param value - The value; a text is stored as its UTF-8.
 */
export function withChecksum(key: string | Uint8Array, value: string | Uint8Array): Buffer {
  const isText = typeof value === 'string';
  const length = isText ? Buffer.byteLength(value) : value.length;
  const stored = Buffer.allocUnsafe(length + CHECKSUM_BYTES);
  if (isText) stored.write(value, 'utf8');
  else stored.set(value);
  stored.writeUInt32LE(crc32(value, crc32(key)), length);
  return stored;
}

/**
 * Takes the value from what an engine gave.
 *
 * @param key - Key of the row.
 * @param stored - Bytes that the engine has under it.
 * @returns Part of `stored`; undefined if the row is not as `withChecksum` made it.
 */
export function withoutChecksum(
  key: string | Uint8Array,
  stored: Uint8Array,
): Uint8Array | undefined {
  const length = stored.length - CHECKSUM_BYTES;
  if (length < 0) return undefined;
  const value = stored.subarray(0, length);
  const at = Buffer.from(stored.buffer, stored.byteOffset + length, CHECKSUM_BYTES);
  return at.readUInt32LE() === crc32(value, crc32(key)) ? value : undefined;
}
