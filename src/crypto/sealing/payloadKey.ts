import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '../bytes.ts';

/** Bytes of the nonce that stands between header and payload. */
export const PAYLOAD_NONCE = 16;

/**
 * The key of an age payload (C2SP age, "Payload"): HKDF-SHA256 of the file key under the nonce.
 *
 * @param fileKey - 16 bytes.
 * @param nonce - 16 random bytes, which stand before the payload.
 * @returns 32 bytes.
 */
export function payloadKey(fileKey: Uint8Array, nonce: Uint8Array): Uint8Array {
  return hkdf(sha256, fileKey, nonce, utf8ToBytes('payload'), 32);
}
