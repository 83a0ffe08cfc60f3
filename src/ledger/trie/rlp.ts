/**
 * Writes RLP (Ethereum Yellow Paper, appendix B) from items that are encoded already, so that a trie node is
 * written once, without nested arrays in between. Reading is left to `@ethereumjs/rlp`.
 */

/** The empty byte string, encoded. */
export const RLP_EMPTY: Uint8Array = Uint8Array.of(0x80);

/**
 * A byte string, encoded.
 * @param bytes - Any number of bytes.
 */
export function rlpBytes(bytes: Uint8Array): Uint8Array {
  const first = bytes[0];
  if (bytes.length === 1 && first !== undefined && first < 0x80) return bytes;
  return withHeader(0x80, [bytes], bytes.length);
}

/**
 * A whole number, encoded as the shortest big-endian byte string.
 * @param value - Not negative.
 */
export function rlpNumber(value: number | bigint): Uint8Array {
  if (value === 0 || value === 0n) return RLP_EMPTY;
  const digits = value.toString(16);
  const bytes = new Uint8Array(Math.ceil(digits.length / 2));
  for (let i = bytes.length - 1, end = digits.length; i >= 0; i--, end -= 2) {
    bytes[i] = Number.parseInt(digits.slice(Math.max(0, end - 2), end), 16);
  }
  return rlpBytes(bytes);
}

/**
 * A list, encoded.
 * @param items - Its items, each encoded.
 */
export function rlpList(items: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const item of items) length += item.length;
  return withHeader(0xc0, items, length);
}

function withHeader(base: number, parts: readonly Uint8Array[], length: number): Uint8Array {
  const lengthBytes = length < 56 ? 0 : length < 0x100 ? 1 : length < 0x10000 ? 2 : 4;
  const whole = new Uint8Array(1 + headerDigits(length, lengthBytes) + length);
  let offset = 1;
  if (lengthBytes === 0) {
    whole[0] = base + length;
  } else {
    const digits = headerDigits(length, lengthBytes);
    whole[0] = base + 55 + digits;
    for (let i = digits - 1; i >= 0; i--) whole[offset++] = (length >>> (8 * i)) & 0xff;
  }
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** The number of bytes that a length of 56 or more takes. */
function headerDigits(length: number, lengthBytes: number): number {
  return lengthBytes === 4 && length < 0x1000000 ? 3 : lengthBytes;
}
