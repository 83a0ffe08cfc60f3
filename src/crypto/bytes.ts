import { MedsealError } from '../errors/MedsealError.ts';

/**
 * Bytes as lower-case hexadecimal with the prefix `0x`.
 * @param bytes - Any number of bytes.
 */
export function bytesToHex(bytes: Uint8Array): `0x${string}` {
  let text = '0x';
  for (const byte of bytes) text += HEX[byte];
  return text as `0x${string}`;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * The bytes that hexadecimal stands for.
 * @param text - `0x` and an even number of hexadecimal digits.
 * @throws MedsealError `REQUEST_MALFORMED` for any other text.
 */
export function hexToBytes(text: string): Uint8Array {
  if (!/^0x(?:[0-9a-fA-F]{2})*$/.test(text)) {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'hexadecimal' });
  }
  const bytes = new Uint8Array((text.length - 2) / 2);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = Number.parseInt(text.slice(2 + 2 * i, 4 + 2 * i), 16);
  }
  return bytes;
}

/** All of the parts, one after the other. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** A text as UTF-8. */
export function utf8ToBytes(text: string): Uint8Array {
  return encoder.encode(text);
}

/**
 * UTF-8 as a text.
 * @throws MedsealError `REQUEST_MALFORMED` where the bytes are not UTF-8.
 */
export function bytesToUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'UTF-8' }, { cause });
  }
}

/** Whether two byte strings are equal; not for secrets. */
export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
