import { readVarint } from './varint.ts';

/** The most bytes of an unpacked block: LevelDB's have some kilobytes, or one long row. */
const LONGEST = 2 ** 31;

/**
 * Unpacks a Snappy block (the raw format, google/snappy `format_description.txt`).
 *
 * @param packed - The block.
 * @throws RangeError if it is not one.
 */
export function unpackSnappy(packed: Uint8Array): Uint8Array {
  const { value: length, next } = readVarint(packed, 0);
  if (length > LONGEST) throw new RangeError('a block is too long');
  const bytes = new Uint8Array(length);
  let [from, to] = [next, 0];
  while (from < packed.length) {
    const tag = packed[from] ?? 0;
    from += 1;
    const kind = tag & 3;
    if (kind === 0) {
      let count = tag >>> 2;
      if (count >= 60) {
        const width = count - 59;
        count = littleEndian(packed, from, width);
        from += width;
      }
      count += 1;
      if (from + count > packed.length || to + count > length) throw damaged();
      bytes.set(packed.subarray(from, from + count), to);
      from += count;
      to += count;
      continue;
    }
    const width = kind === 3 ? 4 : kind;
    const far = littleEndian(packed, from, width);
    from += width;
    const offset = kind === 1 ? ((tag >>> 5) << 8) + far : far;
    const count = kind === 1 ? ((tag >>> 2) & 7) + 4 : (tag >>> 2) + 1;
    if (offset === 0 || offset > to || to + count > length) throw damaged();
    // It may repeat what it has just written.
    for (let i = 0; i < count; i++, to++) bytes[to] = bytes[to - offset] ?? 0;
  }
  if (to !== length) throw damaged();
  return bytes;
}

function littleEndian(bytes: Uint8Array, at: number, width: number): number {
  if (at + width > bytes.length) throw damaged();
  let value = 0;
  for (let i = width - 1; i >= 0; i--) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
}

function damaged(): RangeError {
  return new RangeError('a block cannot be unpacked');
}
