// Parts of answers in JSON. Each function throws `PEER_MALFORMED` if the value is not of its form.

import { base64 as base64Coder } from '@scure/base';
import { bytesToHex } from '../crypto/bytes.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Hex } from '../protocol/ids.ts';

/** An object. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformedAnswer();
  return value as Readonly<Record<string, unknown>>;
}

/** A list of at most so many. */
export function list(value: unknown, most: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length > most) throw malformedAnswer();
  return value;
}

/** A text. */
export function textIn(value: unknown): string {
  if (typeof value !== 'string') throw malformedAnswer();
  return value;
}

/** A number that is not negative; Go writes 64-bit ones as text. */
export function whole(value: unknown): number {
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0) {
    throw malformedAnswer();
  }
  return number;
}

/** Hexadecimal of a number of bytes, as CometBFT writes it: without a prefix. */
export function hex(value: unknown, length: number): Hex {
  const digits = textIn(value);
  if (digits.length !== 2 * length || !/^[0-9a-fA-F]*$/.test(digits)) throw malformedAnswer();
  return `0x${digits.toLowerCase()}`;
}

/** A number of bytes that stand in Base64, in hexadecimal. */
export function base64(value: unknown, length: number): Hex {
  const bytes = bytesOfBase64(value);
  if (bytes.length !== length) throw malformedAnswer();
  return bytesToHex(bytes);
}

/** The bytes of a text in Base64. */
export function bytesOfBase64(value: unknown): Uint8Array {
  try {
    return base64Coder.decode(textIn(value));
  } catch {
    throw malformedAnswer();
  }
}

/** The error for an answer that is malformed. */
export function malformedAnswer(): MedsealError<'PEER_MALFORMED'> {
  return new MedsealError('PEER_MALFORMED', { what: 'ledger answer' });
}
