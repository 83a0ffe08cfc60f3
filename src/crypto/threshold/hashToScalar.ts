import { expand_message_xmd } from '@noble/curves/abstract/hash-to-curve.js';
import { sha256 as portableSha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '../bytes.ts';
import { encodeFields } from '../encodeFields.ts';
import type { GroupPort } from './GroupPort.ts';
import { reduced, toInteger } from './scalars.ts';

/** Bytes from which a scalar is made, so that none comes up more often than another (RFC 9380 §5.1). */
const WIDE = 48;

/**
 * Hashes fields to a scalar (`expand_message_xmd` of RFC 9380 §5.3.1 with SHA-256).
 *
 * @param group - Its hash.
 * @param separation - Domain separation tag: what the scalar is for.
 * @param fields - Any number of fields.
 * @returns 0 to the order less 1.
 */
export function hashToScalar(
  { sha256 }: Pick<GroupPort, 'sha256'>,
  separation: string,
  ...fields: readonly Uint8Array[]
): bigint {
  const message = encodeFields(...fields);
  return reduced(toInteger(expand_message_xmd(message, utf8ToBytes(separation), WIDE, sha256)));
}

/**
 * Returns the hash of a group from another implementation of SHA-256.
 *
 * @param digest - Returns the digest of any number of bytes, 32 bytes.
 */
export function sha256By(digest: (data: Uint8Array) => Uint8Array): GroupPort['sha256'] {
  return Object.assign((data: Uint8Array) => new Uint8Array(digest(data)), portableSha256);
}
