import { crc32 } from 'node:zlib';

/** Hexadecimal digits of a checksum. */
const DIGITS = 8;

/**
 * Writes a row with its checksum, for databases whose reads do not verify what the disk gives.
 *
 * @param key - Key of the row; the checksum is over it too, so that no row passes for another.
 * @param value - A JSON value.
 * @returns CRC-32 of key and value in 8 hexadecimal digits, and the value as JSON.
 */
export function writeRow(key: string, value: unknown): string {
  const json = JSON.stringify(value);
  return checksumOf(key, json) + json;
}

/**
 * Reads a row that `writeRow` wrote.
 *
 * @param key - Key of the row.
 * @param text - The row.
 * @returns Undefined if it was altered.
 */
export function readRow(key: string, text: string): unknown {
  const json = text.slice(DIGITS);
  if (text.slice(0, DIGITS) !== checksumOf(key, json)) return undefined;
  return JSON.parse(json);
}

/**
 * Computes a checksum that finds damage, and no forger.
 *
 * @param key - Name of the thing.
 * @param json - Its content.
 * @returns CRC-32 of both in 8 hexadecimal digits.
 */
export function checksumOf(key: string, json: string): string {
  return crc32(json, crc32(key)).toString(16).padStart(DIGITS, '0');
}
