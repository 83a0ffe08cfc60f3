import { hexToBytes } from '../../crypto/bytes.ts';
import type { Address, Bytes32, Hex } from '../../protocol/ids.ts';
import { LedgerRejection } from '../LedgerRejection.ts';

/** A number as JSON-RPC writes it. */
export function toQuantity(value: number | bigint): Hex {
  return `0x${value.toString(16)}`;
}

/**
 * Reads a QUANTITY.
 * @throws LedgerRejection -32602 for what is not one, or is beyond 2^53.
 */
export function readQuantity(value: unknown, what: string): number {
  const number = Number(readBigQuantity(value, what));
  if (!Number.isSafeInteger(number)) throw invalid(what);
  return number;
}

/**
 * Reads a QUANTITY of any size up to 256 bits.
 * @throws LedgerRejection -32602 for what is not one.
 */
export function readBigQuantity(value: unknown, what: string): bigint {
  // Some tools pad with zeros, which the specification does not allow and every node takes.
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{1,64}$/.test(value)) throw invalid(what);
  return BigInt(value);
}

/** DATA is at most so many bytes: as much as a transaction can be. */
export const MOST_DATA = 128 * 1024;

/**
 * Reads DATA.
 * @throws LedgerRejection -32602 for what is not DATA, or is longer than a transaction can be.
 */
export function readData(value: unknown, what: string): Uint8Array {
  if (typeof value === 'string' && value.length > 2 + 2 * MOST_DATA) {
    throw invalid(`${what}: more than ${MOST_DATA} bytes`);
  }
  if (typeof value !== 'string' || !/^0x(?:[0-9a-fA-F]{2})*$/.test(value)) throw invalid(what);
  return hexToBytes(value);
}

/** Reads 20 bytes. */
export function readAddress(value: unknown, what = 'address'): Address {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{40}$/.test(value)) throw invalid(what);
  return value.toLowerCase() as Address;
}

/** Reads 32 bytes. */
export function readBytes32(value: unknown, what: string): Bytes32 {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{64}$/.test(value)) throw invalid(what);
  return value.toLowerCase() as Bytes32;
}

/** Reads a storage key: 32 bytes, or a number that stands for them. */
export function readSlot(value: unknown): Uint8Array {
  const number = readBigQuantity(value, 'storage key');
  return hexToBytes(`0x${number.toString(16).padStart(64, '0')}`);
}

/** Tells whether a parameter was left out, which some tools say with null. */
export function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

/** Tells whether a parameter was given as an object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The error for a parameter that is not what it must be. */
export function invalid(what: string): LedgerRejection {
  return new LedgerRejection(-32602, `invalid ${what}`);
}
