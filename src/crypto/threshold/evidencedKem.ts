import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '../bytes.ts';
import { encodeFields } from '../encodeFields.ts';
import type { Random } from '../Random.ts';
import type { HybridKem } from '../sealing/HybridKem.ts';
import type { GroupPort } from './GroupPort.ts';
import { createSeal, type SealLabel } from './releaseSeal.ts';

const WHO = utf8ToBytes('medseal/who-half/2');
const BOTH = utf8ToBytes('medseal/and/2');

/** The two parts that lie in a sealed file. */
export interface Encapsulated {
  /** Of X-Wing, 1,120 bytes. */
  readonly encapsulated: Uint8Array;
  /** Seal of the release key (`createSeal`), 130 bytes. */
  readonly seal: Uint8Array;
}

/** Recipient of both halves. */
export interface EvidencedTarget {
  /** The epoch's public key, 1,216 bytes. */
  readonly recipientKey: Uint8Array;
  /** The release key, 33 bytes, and its id, 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly keyId: Uint8Array;
  /** Identity of the record version. */
  readonly identity: Uint8Array;
}

/**
 * Makes a key that opens with two halves: one for who holds the epoch's identity, and one that members of the release key
 * release for this version in this file (combined as Giacon, Heuer and Poettering 2018 do).
 *
 * @param group - Arithmetic.
 * @param kem - X-Wing; its randomness comes from the platform.
 * @param target - For whom and what.
 * @param fileKey - The key that is to be wrapped, 16 bytes.
 * @param random - Source of random bytes.
 * @returns Both parts, and a key of 32 bytes.
 * @throws MedsealError `REQUEST_MALFORMED` if the release key is not a point; Error if the epoch's key is not one.
 */
export function encapsulateEvidenced(
  group: GroupPort,
  kem: HybridKem,
  { recipientKey, publicKey, keyId, identity }: EvidencedTarget,
  fileKey: Uint8Array,
  random: Random,
): Encapsulated & { readonly key: Uint8Array } {
  const { encapsulated, secret } = kem.encapsulate(recipientKey);
  const label = labelOf(keyId, identity, encapsulated);
  const { seal, shared } = createSeal(group, publicKey, label, fileKey, random);
  const who = whoHalfOf(secret, encapsulated, identity);
  return {
    encapsulated,
    seal,
    key: bothHalves({ who, evidence: shared }, { encapsulated, seal }, identity),
  };
}

/** The version in one file to which its seal is bound. */
export function labelOf(
  keyId: Uint8Array,
  identity: Uint8Array,
  encapsulated: Uint8Array,
): SealLabel {
  return { keyId, identity, encapsulation: sha256(encapsulated) };
}

/**
 * The half of who holds the epoch's identity; a right to one record hands out this half of each of its versions, which opens
 * nothing without a release.
 *
 * @param secret - The secret that X-Wing gives, 32 bytes.
 * @param encapsulated - X-Wing's encapsulation, 1,120 bytes.
 * @param identity - Identity of the record version.
 * @returns 32 bytes.
 */
export function whoHalfOf(
  secret: Uint8Array,
  encapsulated: Uint8Array,
  identity: Uint8Array,
): Uint8Array {
  return hkdf(sha256, secret, undefined, encodeFields(WHO, encapsulated, identity), 32);
}

/** Both halves of a reader. */
export interface Halves {
  /** Half of the reader's own key (`whoHalfOf`), 32 bytes. */
  readonly who: Uint8Array;
  /** Shared point of the seal (`combineShares`), 33 bytes. */
  readonly evidence: Uint8Array;
}

/**
 * Finds the key again. From a false half comes another key, not an error.
 *
 * @param halves - Both halves.
 * @param stanza - Both parts.
 * @param identity - Identity of the record version.
 * @returns 32 bytes.
 */
export function bothHalves(
  { who, evidence }: Halves,
  { encapsulated, seal }: Encapsulated,
  identity: Uint8Array,
): Uint8Array {
  const info = encodeFields(BOTH, encapsulated, seal, identity);
  return hkdf(sha256, concatBytes(who, sha256(evidence)), undefined, info, 32);
}
