import { MedsealError } from '../errors/MedsealError.ts';

const encoder = new TextEncoder();
// A byte order mark stays: what is hashed must be what was written.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Bytes as lower-case hexadecimal with the prefix `0x`.
 * @param bytes - Any number of bytes.
 */
export function bytesToHex(bytes: Uint8Array): `0x${string}` {
  const length = 2 + 2 * bytes.length;
  const codes = length === WORD.length ? WORD : new Uint8Array(length);
  codes.set(PREFIX);
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    codes[2 + 2 * i] = DIGIT[byte >> 4] ?? 0;
    codes[3 + 2 * i] = DIGIT[byte & 15] ?? 0;
  }
  return decoder.decode(codes) as `0x${string}`;
}

/** Character codes of what is written; adding texts together instead leaves a kilobyte of them behind for a word. */
const PREFIX = Uint8Array.of(48, 120);
const DIGIT = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
/** Used again for words of 32 bytes, which most are. */
const WORD = new Uint8Array(66);

/**
 * The bytes that hexadecimal stands for.
 * @param text - `0x` and an even number of hexadecimal digits.
 * @throws MedsealError `REQUEST_MALFORMED` for any other text.
 */
export function hexToBytes(text: string): Uint8Array {
  if (text.length % 2 === 1) throw malformedHex();
  const bytes = new Uint8Array(Math.max(0, text.length / 2 - 1));
  writeHex(text, bytes, 0);
  return bytes;
}

/**
 * Writes the bytes that hexadecimal stands for into their place, without a copy.
 *
 * @param text - As for `hexToBytes`.
 * @param target - With room for them.
 * @param offset - Place of the first byte.
 * @throws MedsealError `REQUEST_MALFORMED` for any other text; the target is then written in part.
 */
export function writeHex(text: string, target: Uint8Array, offset: number): void {
  if (text.length % 2 === 1 || !text.startsWith('0x')) throw malformedHex();
  for (let from = 2, at = offset; from < text.length; from += 2, at++) {
    const high = DIGITS[text.charCodeAt(from)] ?? NO_DIGIT;
    const low = DIGITS[text.charCodeAt(from + 1)] ?? NO_DIGIT;
    if (high === NO_DIGIT || low === NO_DIGIT) throw malformedHex();
    target[at] = high * 16 + low;
  }
}

/** Value of each character code as a hexadecimal digit; four times as fast as parsing. */
const NO_DIGIT = 255;
const DIGITS = Uint8Array.from({ length: 128 }, (_, code) => {
  const digit = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(digit) ? NO_DIGIT : digit;
});

function malformedHex(): MedsealError {
  return new MedsealError('REQUEST_MALFORMED', { what: 'hexadecimal' });
}

/** All of the parts, one after the other. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  return joinBytes(parts, ownBytes);
}

/**
 * All of the parts, one after the other, in bytes that are made as the caller wants.
 *
 * @param parts - The parts.
 * @param make - Makes so many bytes.
 */
export function joinBytes(
  parts: readonly Uint8Array[],
  make: (length: number) => Uint8Array,
): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = make(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function ownBytes(length: number): Uint8Array {
  return new Uint8Array(length);
}

/** A text as UTF-8. */
export function utf8ToBytes(text: string): Uint8Array {
  return encoder.encode(text);
}

/**
 * UTF-8 as a text.
 * @throws MedsealError `REQUEST_MALFORMED` if the bytes are not UTF-8.
 */
export function bytesToUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'UTF-8' }, { cause });
  }
}

/** Tells whether two byte strings are equal; not for secrets. */
export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
