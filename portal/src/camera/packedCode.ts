import { deflateSync, inflateSync } from 'fflate';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../../../src/crypto/bytes.ts';
import { fitsQr } from '../../../src/protocol/wire/qrCapacity.ts';
import { fromBase45, toBase45 } from './base45.ts';
import { CODE_DICTIONARY } from './codeDictionary.ts';

/** Opens a packed text; its number is that of the dictionary. */
const PREFIX = 'MEDSEAL-1:';
/** Characters of a text that was packed, at most. */
const MOST_TEXT = 16_384;
/** A number in hexadecimal, long enough to be told apart from words. */
const HEX = /0x((?:[0-9a-f]{2}){8,255})(?![0-9a-f])/g;
/** Stands for such a number: a control character, which no JSON has unescaped. */
const MARK = '\u0001';

/**
 * Packs JSON for a QR code that a phone reads easily: numbers in hexadecimal become bytes, the rest is compressed (RFC 1951) with the
 * words that all of ours have, and the whole is written in the alphanumeric mode’s characters (RFC 9285).
 *
 * @param text - The JSON, as it is handed over elsewhere.
 * @returns The code’s text; undefined if it is too long for one.
 * @example
 * ```ts
 * const code = packCode(formatSlip(slip));
 * ```
 */
export function packCode(text: string): string | undefined {
  if (text.length > MOST_TEXT || text.includes(MARK)) return undefined;
  const numbers: Uint8Array[] = [];
  const words = text.replace(HEX, (_all, digits: string) => {
    numbers.push(hexToBytes(`0x${digits}`));
    return MARK;
  });
  const parts = numbers.flatMap((each) => [Uint8Array.of(each.length), each]);
  const packed = deflateSync(utf8ToBytes(words), { level: 9, dictionary: CODE_DICTIONARY });
  const bytes = new Uint8Array([...parts.flatMap((each) => [...each]), 0, ...packed]);
  const code = PREFIX + toBase45(bytes);
  return fitsQr(code) ? code : undefined;
}

/**
 * Unpacks the text of a code. Any other text comes back as it is: whatever takes it parses it as if somebody had typed it.
 *
 * @param code - Text that was scanned, pasted or read from a file; not trusted.
 */
export function unpackCode(code: string): string {
  const given = code.trim();
  if (!given.startsWith(PREFIX) || !fitsQr(given)) return code;
  const bytes = fromBase45(given.slice(PREFIX.length));
  if (bytes === undefined) return code;
  const numbers: string[] = [];
  let place = 0;
  for (let length = bytes[0]; length !== 0; length = bytes[place]) {
    if (length === undefined || place + length >= bytes.length) return code;
    numbers.push(bytesToHex(bytes.subarray(place + 1, place + 1 + length)));
    place += 1 + length;
  }
  const words = inflated(bytes.subarray(place + 1));
  const pieces = words?.split(MARK) ?? [];
  if (pieces.length !== numbers.length + 1) return code;
  return pieces.map((piece, at) => piece + (numbers[at] ?? '')).join('');
}

function inflated(bytes: Uint8Array): string | undefined {
  try {
    const content = inflateSync(bytes, { dictionary: CODE_DICTIONARY });
    if (content.length > MOST_TEXT * 4) return undefined;
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return undefined;
  }
}
