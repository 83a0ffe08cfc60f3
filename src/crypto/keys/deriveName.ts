import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '../bytes.ts';
import { encodeFields } from '../encodeFields.ts';

const LABEL = utf8ToBytes('medseal/1/name');

/**
 * Derives a name by HKDF-SHA256 (RFC 5869): the same one from the same fields, which tells nothing of them to who does
 * not have the seed.
 *
 * @param seed - 32 bytes.
 * @param fields - The values to name.
 * @returns 16 bytes as 32 hexadecimal digits.
 */
export function deriveName(seed: Uint8Array, ...fields: readonly Uint8Array[]): string {
  const info = encodeFields(LABEL, ...fields);
  return bytesToHex(hkdf(sha256, seed, undefined, info, 16)).slice(2);
}
