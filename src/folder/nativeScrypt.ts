import { scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import type { Scrypt } from '../crypto/keys/Scrypt.ts';

const derive = promisify<Uint8Array, Uint8Array, number, object, Buffer>(scrypt);
/** Bytes that OpenSSL may use beside the table of 1,024 N bytes. */
const BESIDE = 2 ** 20;

/** scrypt by OpenSSL, in a thread of its own. */
export const nativeScrypt: Scrypt = async (password, salt, workFactor) => {
  const N = 2 ** workFactor;
  const options = { N, r: 8, p: 1, maxmem: 1024 * N + BESIDE };
  return new Uint8Array(await derive(password, salt, 32, options));
};
