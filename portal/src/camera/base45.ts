/** Characters of a QR code’s alphanumeric mode, in their order (RFC 9285, section 4.2). */
const CHARACTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

/**
 * Writes bytes in characters of which a QR code holds most (RFC 9285): three for two bytes, and two for a last one.
 *
 * @param bytes - The bytes.
 */
export function toBase45(bytes: Uint8Array): string {
  let text = '';
  for (let place = 0; place < bytes.length; place += 2) {
    const isPair = place + 1 < bytes.length;
    let number = isPair ? (bytes[place] ?? 0) * 256 + (bytes[place + 1] ?? 0) : (bytes[place] ?? 0);
    for (let count = isPair ? 3 : 2; count > 0; count -= 1) {
      text += CHARACTERS[number % 45];
      number = Math.floor(number / 45);
    }
  }
  return text;
}

/**
 * Reads bytes that were written so.
 *
 * @param text - Not trusted.
 * @returns The bytes; undefined for another character, or a number that no byte or pair has.
 */
export function fromBase45(text: string): Uint8Array | undefined {
  if (text.length % 3 === 1) return undefined;
  const bytes: number[] = [];
  for (let place = 0; place < text.length; place += 3) {
    const digits = Array.from(text.slice(place, place + 3), (each) => CHARACTERS.indexOf(each));
    const number = digits.reduceRight((sum, digit) => sum * 45 + digit, 0);
    const isPair = digits.length === 3;
    if (digits.includes(-1) || number >= (isPair ? 65_536 : 256)) return undefined;
    bytes.push(...(isPair ? [number >> 8, number & 255] : [number]));
  }
  return Uint8Array.from(bytes);
}
