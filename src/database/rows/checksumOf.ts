import { crc32 } from 'node:zlib';

/** Hexadecimal digits of a checksum. */
const DIGITS = 8;

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
