import { randomBytes } from 'node:crypto';
import type { Random } from '../crypto/Random.ts';

/** The machine's source of random bytes. */
export const systemRandom: Random = (length) => new Uint8Array(randomBytes(length));
