import { createHash } from 'node:crypto';
import type { Random } from '../../src/crypto/Random.ts';

/** Bytes that are made at once. */
const POOL = 16 * 1024;

/**
 * Random bytes that follow from a seed, many of them made at once.
 *
 * @param seed - Any text.
 */
export function pooledRandom(seed: string): Random {
  let pools = 0;
  let pool = new Uint8Array(0);
  let used = 0;
  return (length) => {
    if (used + length > pool.length) {
      const hash = createHash('shake256', { outputLength: Math.max(POOL, length) });
      pool = new Uint8Array(hash.update(`${seed} ${pools++}`).digest());
      used = 0;
    }
    const bytes = pool.slice(used, used + length);
    used += length;
    return bytes;
  };
}
