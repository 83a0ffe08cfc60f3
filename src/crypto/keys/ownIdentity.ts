import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '../bytes.ts';
import { encodeFields } from '../encodeFields.ts';
import { ageIdentity, identitySeed } from './ageIdentity.ts';

const LABEL = utf8ToBytes('medseal/own-identity/1');

/**
 * The identity by which a patient alone opens what is sealed to a category of an epoch, without anybody's release. It follows
 * from the patient's seed and from that epoch's identity: a grantee has the one alone, and who erased the other has
 * neither way left.
 *
 * @param seed - The patient's seed, 32 bytes.
 * @param identity - Identity of the category in the epoch (`AGE-SECRET-KEY-PQ-1…`).
 * @returns `AGE-SECRET-KEY-PQ-1…`.
 */
export function ownIdentity(seed: Uint8Array, identity: string): string {
  const info = encodeFields(LABEL, identitySeed(identity));
  return ageIdentity(hkdf(sha256, seed, undefined, info, 32));
}
