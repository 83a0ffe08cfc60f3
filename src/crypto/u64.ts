import { pooledBytes } from './pooledBytes.ts';

/**
 * A number as 8 bytes big-endian, so that bytes sort as the numbers do; soon forgotten (`pooledBytes`).
 *
 * @param value - From 0 to 2^53 - 1.
 */
export function u64(value: number): Uint8Array {
  const bytes = pooledBytes(8);
  writeU64(bytes, 0, value);
  return bytes;
}

/** The number that stands at an offset as 8 bytes big-endian. */
export function readU64(bytes: Uint8Array, offset: number): number {
  let value = 0;
  for (let i = 0; i < 8; i++) value = value * 256 + (bytes[offset + i] ?? 0);
  return value;
}

/** Writes a number from 0 to 2^53 - 1 as 8 bytes big-endian. */
export function writeU64(bytes: Uint8Array, offset: number, value: number): void {
  const high = Math.floor(value / 2 ** 32);
  for (let i = 0; i < 4; i++) {
    bytes[offset + i] = high >>> (24 - 8 * i);
    bytes[offset + 4 + i] = value >>> (24 - 8 * i);
  }
}
