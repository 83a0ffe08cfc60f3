import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '../bytes.ts';
import { encodeFields } from '../encodeFields.ts';

const LABEL = utf8ToBytes('medseal/1/memory');

/**
 * Derives the key under which a device remembers something for its party alone by HKDF-SHA256 (RFC 5869). Whoever has the
 * device's files and not the seed can neither read nor write it.
 *
 * @param seed - 32 bytes.
 * @param what - Name of what is remembered.
 * @returns 32 bytes.
 */
export function deriveMemoryKey(seed: Uint8Array, what: string): Uint8Array {
  return hkdf(sha256, seed, undefined, encodeFields(LABEL, utf8ToBytes(what)), 32);
}
