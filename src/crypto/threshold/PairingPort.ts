import { hexToBytes } from '../bytes.ts';

/**
 * Pairing arithmetic over BLS12-381 as a port: `noblePairing` runs anywhere in JavaScript, `loadMclPairing` loads one in
 * WebAssembly that is several times as fast. Both pass one suite of cases, and give the same bytes.
 *
 * Points travel compressed, as ZCash and RFC 9380 write them: 48 bytes in G1, 96 in G2. Each function refuses what is not
 * the one encoding of a point of the group of prime order, and the point at infinity, which a library alone would take.
 * Scalars are integers below the group's order.
 */
export interface PairingPort {
  /**
   * Hashes to G1 (RFC 9380, BLS12381G1_XMD:SHA-256_SSWU_RO_).
   * @param message - Any number of bytes.
   * @param separation - Domain separation tag; Medseal's if absent. Another serves vectors that others published.
   * @returns 48 bytes.
   */
  hashToG1(message: Uint8Array, separation?: string): Uint8Array;
  /**
   * A point of G1 times a secret; the time that it takes does not depend on the secret.
   * @param point - 48 bytes.
   * @param secret - 1 to the order less 1.
   * @returns 48 bytes.
   * @throws MedsealError `REQUEST_MALFORMED` if the point or the scalar is not one.
   */
  multiplyG1(point: Uint8Array, secret: bigint): Uint8Array;
  /**
   * The generator of G2 times a secret; the time that it takes does not depend on the secret.
   * @param secret - 1 to the order less 1.
   * @returns 96 bytes.
   * @throws MedsealError `REQUEST_MALFORMED` if the scalar is not one.
   */
  multiplyBaseG2(secret: bigint): Uint8Array;
  /**
   * The sum of points of G1, each times a scalar that everybody may know.
   * @param terms - At least one; scalars from 0.
   * @returns 48 bytes.
   * @throws MedsealError `REQUEST_MALFORMED` if a point or a scalar is not one, or the sum is the point at infinity.
   */
  sumG1(terms: readonly PointTerm[]): Uint8Array;
  /**
   * The same in G2.
   * @param terms - At least one; scalars from 0.
   * @returns 96 bytes.
   * @throws MedsealError `REQUEST_MALFORMED` as `sumG1` does.
   */
  sumG2(terms: readonly PointTerm[]): Uint8Array;
  /**
   * The pairing of two points, in the target group.
   * @param left - Of G1, 48 bytes; or terms whose sum it is, as for `sumG1`: the sum is then not written and read again.
   * @param right - Of G2, 96 bytes.
   * @returns 576 bytes: the twelve coordinates over Fp, 48 bytes big-endian each, from the lowest power of the tower's
   * variables to the highest (u² = −1, v³ = 1 + u, w² = v).
   * @throws MedsealError `REQUEST_MALFORMED` if one is not such a point.
   */
  pair(left: Uint8Array | readonly PointTerm[], right: Uint8Array): Uint8Array;
  /**
   * Tells whether two pairings have one value.
   * @param one - Points of G1 and G2.
   * @param other - Points of G1 and G2.
   * @throws MedsealError `REQUEST_MALFORMED` if one is not such a point.
   */
  pairEqual(one: PointPair, other: PointPair): boolean;
  /**
   * Requires that bytes are a point of G1 other than infinity.
   * @throws MedsealError `REQUEST_MALFORMED` else.
   */
  requireG1(point: Uint8Array): void;
  /**
   * Requires that bytes are a point of G2 other than infinity.
   * @throws MedsealError `REQUEST_MALFORMED` else.
   */
  requireG2(point: Uint8Array): void;
}

/** Loads pairing arithmetic when it is first needed. */
export type LoadPairing = () => Promise<PairingPort>;

/**
 * Loads pairing arithmetic that may run elsewhere, when it is first needed.
 *
 * @param records - Number of records that are to be opened, if they are several: many are worth more threads.
 */
export type LoadAsyncPairing = (records?: number) => Promise<AsyncPairing>;

/** Pairing arithmetic that may run elsewhere, such as in a worker: each function gives its value, or a promise of it. */
export type AsyncPairing = {
  readonly [Name in keyof PairingPort]: (
    ...given: Parameters<PairingPort[Name]>
  ) => ReturnType<PairingPort[Name]> | Promise<ReturnType<PairingPort[Name]>>;
};

/** A point and what it is multiplied with. */
export interface PointTerm {
  readonly point: Uint8Array;
  readonly scalar: bigint;
}

/** A point of G1 and one of G2. */
export type PointPair = readonly [g1: Uint8Array, g2: Uint8Array];

/** Medseal's domain separation tag for hashes to G1 (RFC 9380 §3.1). */
export const SEPARATION = 'MEDSEAL-V01-CS01-with-BLS12381G1_XMD:SHA-256_SSWU_RO_';

/** The generator of G2 (zkcrypto, "BLS12-381"), 96 bytes. */
export const BASE_G2 = hexToBytes(
  '0x93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e' +
    '024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8',
);

/** Bytes of a compressed point of G1. */
export const G1_LENGTH = 48;
/** Bytes of a compressed point of G2. */
export const G2_LENGTH = 96;
