/** A number, and the place after it. */
export interface Read {
  readonly value: number;
  readonly next: number;
}

/**
 * Reads a base-128 number, as LevelDB and Snappy write it: seven bits a byte, the lowest first. Only the shortest form
 * is valid: a longer one would be an altered byte that the value does not show.
 *
 * @param bytes - Contain the number.
 * @param at - Its first byte.
 * @throws RangeError if it does not end, is over 2^53, or is not in its shortest form.
 */
export function readVarint(bytes: Uint8Array, at: number): Read {
  let value = 0;
  for (let next = at, scale = 1; next < bytes.length && next < at + 8; next++, scale *= 128) {
    const byte = bytes[next] ?? 0;
    if (byte === 0 && next > at) break;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80 && Number.isSafeInteger(value)) return { value, next: next + 1 };
  }
  throw new RangeError('a number does not end, or is not in its shortest form');
}
