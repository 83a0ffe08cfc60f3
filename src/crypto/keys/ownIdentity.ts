import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '../bytes.ts';
import { encodeFields } from '../encodeFields.ts';
import { ageIdentity, identitySeed } from './ageIdentity.ts';

const LABEL = utf8ToBytes('medseal/own-identity/1');

/**
 * The identity by which a patient alone opens what is sealed to a category of an epoch, without anybody's release. It follows
 * from a secret of the patient's devices for that epoch and from the epoch's identity: a grantee has the latter alone, and for
 * who erased it neither way is left. Both turn with the patient's key, so an earlier secret gives nothing beside a later identity.
 *
 * @param secret - The patient's own secret for the epoch (`AGE-SECRET-KEY-PQ-1…`).
 * @param identity - Identity of the category in the epoch (`AGE-SECRET-KEY-PQ-1…`).
 * @returns `AGE-SECRET-KEY-PQ-1…`.
 */
export function ownIdentity(secret: string, identity: string): string {
  const info = encodeFields(LABEL, identitySeed(identity));
  return ageIdentity(hkdf(sha256, identitySeed(secret), undefined, info, 32));
}
