import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '../bytes.ts';
import { encodeFields } from '../encodeFields.ts';

const LABEL = utf8ToBytes('medseal/1/lot');

/**
 * Derives the lot of a side of a claim by HKDF-SHA256 (RFC 5869), so that a device which has the key has the lot as well, and
 * nobody else can tell it before it is opened.
 *
 * @param signingKey - secp256k1 scalar of the party, 32 bytes.
 * @param name - Bytes that name the claim.
 * @returns 32 bytes in lower-case hexadecimal.
 */
export function deriveLot(signingKey: Uint8Array, name: Uint8Array): `0x${string}` {
  return bytesToHex(hkdf(sha256, signingKey, undefined, encodeFields(LABEL, name), 32));
}
