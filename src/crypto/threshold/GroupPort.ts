import type { sha256 } from '@noble/hashes/sha2.js';
import { hexToBytes } from '../bytes.ts';

/**
 * Arithmetic over secp256k1 as a port: `nobleGroup` runs anywhere in JavaScript, `nativeGroup` on bitcoin-core's library,
 * which is ten times as fast. Both pass one suite of cases, and give the same bytes.
 *
 * Points travel compressed, 33 bytes (SEC 1 §2.3.3). Each function refuses all else: other forms, coordinates that are not
 * reduced, what is not on the curve. Secret scalars are 32 bytes, big-endian, so that no arithmetic of integers sees them.
 */
export interface GroupPort {
  /**
   * The generator times a secret; the time that it takes does not depend on the secret.
   * @param secret - 32 bytes, 1 to the order less 1.
   * @returns 33 bytes.
   * @throws MedsealError `REQUEST_MALFORMED` if the scalar is not one.
   */
  base(secret: Uint8Array): Uint8Array;
  /**
   * The second generator (`SECOND`) times a secret, in the same way.
   * @param secret - As for `base`.
   * @returns 33 bytes.
   * @throws MedsealError `REQUEST_MALFORMED` if the scalar is not one.
   */
  second(secret: Uint8Array): Uint8Array;
  /**
   * A point times a secret, in the same way.
   * @param point - 33 bytes.
   * @param secret - As for `base`.
   * @returns 33 bytes.
   * @throws MedsealError `REQUEST_MALFORMED` if the point or the scalar is not one.
   */
  multiply(point: Uint8Array, secret: Uint8Array): Uint8Array;
  /**
   * The sum of points, each times a scalar that everybody may know.
   * @param terms - At least one; scalars from 0 to the order less 1.
   * @returns 33 bytes; undefined for the point at infinity.
   * @throws MedsealError `REQUEST_MALFORMED` if a point or a scalar is not one.
   */
  sum(terms: readonly PointTerm[]): Uint8Array | undefined;
  /** Tells whether bytes are a point. */
  isPoint(bytes: Uint8Array): boolean;
  /**
   * The answer of a proof: nonce + challenge · secret; the time that it takes does not depend on the secrets.
   * @param nonce - As for `base`; a nonce answers once.
   * @param challenge - 0 to the order less 1.
   * @param secret - As for `base`.
   * @returns 32 bytes.
   * @throws MedsealError `REQUEST_MALFORMED` if one is not a scalar.
   */
  respond(nonce: Uint8Array, challenge: bigint, secret: Uint8Array): Uint8Array;
  /** SHA-256, by which proofs get their challenges. */
  readonly sha256: typeof sha256;
}

/** A point and what it is multiplied with. */
export interface PointTerm {
  readonly point: Uint8Array;
  readonly scalar: bigint;
}

/** Bytes of a compressed point. */
export const POINT_LENGTH = 33;

/** The generator (SEC 2 §2.4.1). */
export const BASE = hexToBytes(
  '0x0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798',
);

/** Domain separation tag of the second generator (RFC 9380 §3.1), and what is hashed to it. */
export const SECOND_FROM = {
  separation: 'MEDSEAL-V02-CS02-with-secp256k1_XMD:SHA-256_SSWU_RO_',
  message: 'medseal/second-generator/1',
} as const;

/** The second generator: `SECOND_FROM` hashed to the curve (RFC 9380), so that nobody knows it as a multiple of the first. */
export const SECOND = hexToBytes(
  '0x026dbf0a3817ab4dbfcc77638c27f8265acd95dcdf53b62bfc49cd916f147e95fa',
);
