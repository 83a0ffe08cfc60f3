import { scryptAsync } from '@noble/hashes/scrypt.js';
import type { Scrypt } from './Scrypt.ts';

/** scrypt in JavaScript alone, for a worker of a browser: it takes a second at the usual cost. */
export const portableScrypt: Scrypt = async (password, salt, workFactor) =>
  await scryptAsync(password, salt, { N: 2 ** workFactor, r: 8, p: 1, dkLen: 32 });
