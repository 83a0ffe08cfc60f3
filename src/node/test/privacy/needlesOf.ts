import { bytesToHex, concatBytes, utf8ToBytes } from '../../../crypto/bytes.ts';
import type { Primitives } from '../../../crypto/Primitives.ts';

/** One way in which a string may lie somewhere. */
export interface Needle {
  readonly text: string;
  /** Such as `UTF-16LE` or `base64+1 of SHA-256`. */
  readonly encoding: string;
  readonly bytes: Uint8Array;
}

/**
 * The ways in which a string may lie somewhere: as UTF-8, UTF-16, hexadecimal, base64 at each of the three places that
 * it can have in what was encoded, and SHA-256 and Keccak-256 of it, as bytes and encoded likewise.
 *
 * @param primitives - Hashes.
 * @param text - The string.
 */
export function needlesOf(
  primitives: Pick<Primitives, 'sha256' | 'keccak256'>,
  text: string,
): readonly Needle[] {
  const utf8 = utf8ToBytes(text);
  const utf16 = Uint8Array.from(Buffer.from(text, 'utf16le'));
  const ways: [string, Uint8Array][] = [
    ['UTF-16LE', utf16],
    ['UTF-16BE', Uint8Array.from(Buffer.from(utf16).swap16())],
  ];
  const values: [string, Uint8Array][] = [
    ['UTF-8', utf8],
    ['SHA-256', primitives.sha256(utf8)],
    ['Keccak-256', primitives.keccak256(utf8)],
  ];
  for (const [name, bytes] of values) {
    ways.push([name, bytes], ...encoded(name, bytes));
  }
  return ways.map(([encoding, bytes]) => ({ text, encoding, bytes }));
}

function encoded(name: string, bytes: Uint8Array): [string, Uint8Array][] {
  const hex = bytesToHex(bytes).slice(2);
  const ways: [string, Uint8Array][] = [
    [`hex of ${name}`, utf8ToBytes(hex)],
    [`HEX of ${name}`, utf8ToBytes(hex.toUpperCase())],
  ];
  for (const before of [0, 1, 2]) {
    const base64 = Buffer.from(concatBytes(new Uint8Array(before), bytes)).toString('base64');
    // Characters that also hold bits of what stands before or behind are left out.
    const from = Math.ceil((before * 8) / 6);
    const to = Math.floor(((before + bytes.length) * 8) / 6);
    const sure = base64.slice(from, to);
    ways.push([`base64+${before} of ${name}`, utf8ToBytes(sure)]);
    const forUrls = sure.replaceAll('+', '-').replaceAll('/', '_');
    if (forUrls !== sure) ways.push([`base64url+${before} of ${name}`, utf8ToBytes(forUrls)]);
  }
  return ways;
}
