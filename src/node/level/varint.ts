/** A number with the place behind it. */
export interface Read {
  readonly value: number;
  readonly next: number;
}

/**
 * Reads a base-128 number, as LevelDB and Snappy write it: seven bits a byte, the lowest first.
 *
 * @param bytes - Where it stands.
 * @param at - Its first byte.
 * @throws RangeError where it does not end, or is over 2^53.
 */
export function readVarint(bytes: Uint8Array, at: number): Read {
  let value = 0;
  for (let next = at, scale = 1; next < bytes.length && next < at + 8; next++, scale *= 128) {
    const byte = bytes[next] ?? 0;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80 && Number.isSafeInteger(value)) return { value, next: next + 1 };
  }
  throw new RangeError('a number does not end');
}
