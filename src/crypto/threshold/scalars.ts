import { sha256 } from '@noble/hashes/sha2.js';
import { malformed } from '../../errors/malformed.ts';
import type { MedsealError } from '../../errors/MedsealError.ts';
import { encodeFields } from '../encodeFields.ts';
import type { Random } from '../Random.ts';

/** Order of secp256k1's group (SEC 2 §2.4.1). */
export const GROUP_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** Bytes of a scalar. */
export const SCALAR_LENGTH = 32;

/** Bytes that are read and written at once. */
const WORD = 8;

/** Fresh random bytes in each secret that depends on what it is for. */
const FRESH = 32;

/** Bytes from which a scalar is made, so that none comes up more often than another (FIPS 186-5 A.2.1). */
const WIDE = 48;

/**
 * A scalar that nobody can guess.
 *
 * @param random - Source of random bytes.
 * @returns 1 to the order less 1.
 */
export function randomScalar(random: Random): bigint {
  return (toInteger(random(WIDE)) % (GROUP_ORDER - 1n)) + 1n;
}

/**
 * Draws a secret scalar that depends on all that it is for.
 *
 * @param random - Source of random bytes.
 * @param fields - The use of the scalar; secrets among them stay secret.
 * @returns 32 bytes.
 */
export function secretOf(random: Random, ...fields: readonly Uint8Array[]): Uint8Array {
  for (;;) {
    const secret = sha256(encodeFields(...fields, random(FRESH)));
    const scalar = toInteger(secret);
    if (scalar > 0n && scalar < GROUP_ORDER) return secret;
  }
}

/**
 * The scalar that bytes stand for.
 *
 * @param bytes - 32 bytes, big-endian.
 * @returns 1 to the order less 1.
 * @throws MedsealError `REQUEST_MALFORMED` if they are something else.
 */
export function parseScalar(bytes: Uint8Array): bigint {
  const scalar = bytes.length === SCALAR_LENGTH ? toInteger(bytes) : 0n;
  requireScalar(scalar);
  return scalar;
}

/**
 * Requires that an integer is a scalar other than 0.
 *
 * @param scalar - The integer.
 * @throws MedsealError `REQUEST_MALFORMED` if it is below 1, or not below the order.
 */
export function requireScalar(scalar: bigint): void {
  if (scalar < 1n || scalar >= GROUP_ORDER) throw malformedScalar();
}

/**
 * Requires that an integer is a scalar.
 *
 * @param scalar - The integer.
 * @returns The same.
 * @throws MedsealError `REQUEST_MALFORMED` if it is below 0, or not below the order.
 */
export function requireReduced(scalar: bigint): bigint {
  if (scalar < 0n || scalar >= GROUP_ORDER) throw malformedScalar();
  return scalar;
}

/**
 * A scalar as bytes.
 *
 * @param scalar - 0 to the order less 1.
 * @returns 32 bytes, big-endian.
 */
export function scalarBytes(scalar: bigint): Uint8Array {
  const bytes = new Uint8Array(SCALAR_LENGTH);
  const view = new DataView(bytes.buffer);
  // It takes the lowest 64 bits.
  for (let at = 0; at < SCALAR_LENGTH; at += WORD) {
    view.setBigUint64(at, scalar >> BigInt(8 * (SCALAR_LENGTH - WORD - at)));
  }
  return bytes;
}

/** The scalar that an integer of any sign stands for. */
export function reduced(integer: bigint): bigint {
  const rest = integer % GROUP_ORDER;
  return rest < 0n ? rest + GROUP_ORDER : rest;
}

/**
 * The integer that bytes stand for.
 *
 * @param bytes - Any number of bytes, big-endian.
 */
export function toInteger(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const odd = bytes.length % WORD;
  let integer = 0n;
  for (let at = 0; at < odd; at++) integer = (integer << 8n) | BigInt(view.getUint8(at));
  for (let at = odd; at < bytes.length; at += WORD) {
    integer = (integer << 64n) | view.getBigUint64(at);
  }
  return integer;
}

/** Makes the error for what is not a scalar. */
export function malformedScalar(): MedsealError {
  return malformed('scalar of secp256k1');
}
