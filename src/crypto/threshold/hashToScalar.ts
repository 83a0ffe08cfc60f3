import { expand_message_xmd } from '@noble/curves/abstract/hash-to-curve.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '../bytes.ts';
import { encodeFields } from '../encodeFields.ts';
import { reduced, toInteger } from './scalars.ts';

/** Bytes from which a scalar is made, so that none comes up more often than another (RFC 9380 §5.1). */
const WIDE = 48;

/**
 * Hashes fields to a scalar (`expand_message_xmd` of RFC 9380 §5.3.1 with SHA-256).
 *
 * @param separation - Domain separation tag: what the scalar is for.
 * @param fields - Any number of fields.
 * @returns 0 to the order less 1.
 */
export function hashToScalar(separation: string, ...fields: readonly Uint8Array[]): bigint {
  const message = encodeFields(...fields);
  return reduced(toInteger(expand_message_xmd(message, utf8ToBytes(separation), WIDE, sha256)));
}
