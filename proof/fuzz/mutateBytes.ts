import { gzipSync } from 'node:zlib';
import type { Dice } from '../simulation/Dice.ts';

/** Bytes that begin, end or break something. */
const ODD: readonly Buffer<ArrayBuffer>[] = [
  Buffer.of(0),
  Buffer.of(0xff, 0xfe),
  Buffer.of(0xef, 0xbb, 0xbf),
  Buffer.of(0xc3),
  Buffer.of(0xed, 0xa0, 0x80),
  Buffer.of(0xf8, 0x88, 0x80, 0x80, 0x80),
  Buffer.from('\r\n'),
  Buffer.from('\n'),
  Buffer.from('{}'),
  Buffer.from('"'),
  Buffer.alloc(512),
  Buffer.alloc(8, 0xff),
];

/**
 * Bytes that were of a form until something in them was changed.
 *
 * @param dice - Decides what.
 * @param bytes - Bytes of the form, unchanged.
 */
export function mutateBytes(dice: Dice, bytes: Uint8Array): Buffer<ArrayBuffer> {
  let made: Buffer<ArrayBuffer> = Buffer.from(bytes);
  for (let change = dice.between(1, 3); change > 0; change--) made = changed(dice, made);
  return made;
}

function changed(dice: Dice, bytes: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
  const at = dice.between(0, bytes.length);
  const to = Math.min(bytes.length, at + dice.pick([1, 2, 4, 32, 512, 5000]));
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(to)];
  switch (dice.between(0, 8)) {
    case 0: {
      const copy = Buffer.from(bytes);
      if (copy.length > 0)
        copy[at % copy.length] = (copy[at % copy.length] ?? 0) ^ (1 << dice.between(0, 7));
      return copy;
    }
    case 1:
      return before;
    case 2:
      return Buffer.concat([before, after]);
    case 3:
      return Buffer.concat([before, bytes.subarray(at, to), bytes.subarray(at, to), after]);
    case 4:
      return Buffer.concat([before, dice.pick(ODD), bytes.subarray(at)]);
    case 5:
      return Buffer.concat([before, Buffer.alloc(to - at, dice.pick([0, 0xff, 0x30])), after]);
    case 6:
      return Buffer.concat([bytes, bytes]);
    case 7:
      return dice.pick([Buffer.alloc(0), gzipSync(bytes), after, Buffer.alloc(100_000, 0x20)]);
    default: {
      const noise = Buffer.from(Array.from({ length: to - at }, () => dice.between(0, 255)));
      return Buffer.concat([before, noise, after]);
    }
  }
}
