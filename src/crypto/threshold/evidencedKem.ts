import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { randomBytes } from '@noble/hashes/utils.js';
import { concatBytes, utf8ToBytes } from '../bytes.ts';
import { encodeFields } from '../encodeFields.ts';
import type { HybridKem } from '../sealing/HybridKem.ts';
import type { AsyncPairing, PointTerm } from './PairingPort.ts';
import { randomScalar } from './scalars.ts';

const WHO = utf8ToBytes('medseal/pq-half/1');
const BOTH = utf8ToBytes('medseal/and/1');

/** The two encapsulations that lie in a sealed file. */
export interface Encapsulated {
  /** Of X-Wing, 1,120 bytes. */
  readonly encapsulated: Uint8Array;
  /** A point of G2, 96 bytes. */
  readonly point: Uint8Array;
}

/** Recipient of both halves. */
export interface EvidencedTarget {
  /** The epoch's public key, 1,216 bytes. */
  readonly recipientKey: Uint8Array;
  /** The threshold key, 96 bytes. */
  readonly publicKey: Uint8Array;
  /** Identity of the record version. */
  readonly identity: Uint8Array;
}

/**
 * Makes a key that opens with two halves: one for who holds the epoch's identity, and one for who has the key of the
 * record version's identity, which members of the threshold key release (Boneh and Franklin 2001, with the combiner of Giacon,
 * Heuer and Poettering 2018). Randomness comes from the platform and cannot be injected.
 *
 * @param pairing - Arithmetic.
 * @param kem - X-Wing.
 * @param target - For whom and what.
 * @returns Both encapsulations, and a key of 32 bytes.
 * @throws MedsealError `REQUEST_MALFORMED` if the threshold key is not a point; Error if the epoch's key is not one.
 */
export async function encapsulateEvidenced(
  pairing: AsyncPairing,
  kem: HybridKem,
  { recipientKey, publicKey, identity }: EvidencedTarget,
): Promise<Encapsulated & { readonly key: Uint8Array }> {
  const { encapsulated, secret } = kem.encapsulate(recipientKey);
  const scalar = randomScalar(randomBytes);
  const point = await pairing.multiplyBaseG2(scalar);
  const hashed = await pairing.hashToG1(identity);
  const shared = await pairing.pair(await pairing.multiplyG1(hashed, scalar), publicKey);
  const whoHalf = whoHalfOf(secret, encapsulated, identity);
  const key = bothHalves(whoHalf, shared, { encapsulated, point }, identity);
  return { encapsulated, point, key };
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
  /** Key of the identity (`combineShares`), 48 bytes; or the shares whose sum it is (`termsOfShares`). */
  readonly evidence: Uint8Array | readonly PointTerm[];
}

/**
 * Finds the key again. From a false half comes another key, not an error.
 *
 * @param pairing - Arithmetic.
 * @param stanza - Both encapsulations.
 * @param identity - Identity of the record version.
 * @param halves - Both halves.
 * @returns 32 bytes.
 * @throws MedsealError `REQUEST_MALFORMED` if a point is not one.
 */
export async function decapsulateEvidenced(
  pairing: AsyncPairing,
  stanza: Encapsulated,
  identity: Uint8Array,
  halves: Halves,
): Promise<Uint8Array> {
  const shared = await pairing.pair(halves.evidence, stanza.point);
  return bothHalves(halves.who, shared, stanza, identity);
}

function bothHalves(
  who: Uint8Array,
  shared: Uint8Array,
  { encapsulated, point }: Encapsulated,
  identity: Uint8Array,
): Uint8Array {
  const info = encodeFields(BOTH, encapsulated, point, identity);
  return hkdf(sha256, concatBytes(who, sha256(shared)), undefined, info, 32);
}
