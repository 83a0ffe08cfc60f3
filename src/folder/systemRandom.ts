import { randomFillSync } from 'node:crypto';
import type { Random } from '../crypto/Random.ts';

/** Bytes that are drawn at once: to ask the machine for each salt alone takes ten times as long. */
const DRAWN = 8192;
/** The longest request that is served from them; longer ones are drawn directly. */
const SHORT = 256;
const drawn = new Uint8Array(DRAWN);
let used = DRAWN;

/** The machine's source of random bytes. It erases bytes that it has handed out. */
export const systemRandom: Random = (length) => {
  if (length > SHORT) return randomFillSync(new Uint8Array(length));
  if (used + length > DRAWN) {
    randomFillSync(drawn);
    used = 0;
  }
  const bytes = drawn.slice(used, used + length);
  drawn.fill(0, used, used + length);
  used += length;
  return bytes;
};
