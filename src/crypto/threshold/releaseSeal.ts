import { concatBytes, utf8ToBytes } from '../bytes.ts';
import type { Random } from '../Random.ts';
import { commitmentsOf } from './equalLogarithms.ts';
import { BASE, POINT_LENGTH, SECOND, type GroupPort } from './GroupPort.ts';
import { hashToScalar } from './hashToScalar.ts';
import {
  GROUP_ORDER,
  SCALAR_LENGTH,
  requireReduced,
  scalarBytes,
  secretOf,
  toInteger,
} from './scalars.ts';

const PROOF = 'medseal/label-proof/1';
const SECRET = utf8ToBytes('medseal/seal-secret/1');
const NONCE = utf8ToBytes('medseal/seal-nonce/1');

/** Bytes of a seal: two points and two scalars. */
export const SEAL_LENGTH = 2 * POINT_LENGTH + 2 * SCALAR_LENGTH;

/** A record version in one sealed file, as a seal is bound to it. */
export interface SealLabel {
  /** Id of the release key, 32 bytes. */
  readonly keyId: Uint8Array;
  /** Identity of the record version (`recordIdentity`). */
  readonly identity: Uint8Array;
  /** SHA-256 of the encapsulation to the epoch's recipient, 32 bytes. */
  readonly encapsulation: Uint8Array;
}

/** A seal in its parts. */
export interface SealParts {
  /** The author's secret times the generator, 33 bytes: shares are multiples of it. */
  readonly point: Uint8Array;
  /** The same secret times the second generator, 33 bytes. */
  readonly twin: Uint8Array;
  readonly challenge: bigint;
  readonly response: bigint;
}

/**
 * Makes a seal: a secret that the members of a release key find together, with a public proof of the record version that it was
 * made for (TDH2, Shoup and Gennaro 2002). Without its secret nobody can move it to another version.
 *
 * @param group - Arithmetic.
 * @param publicKey - The release key, 33 bytes.
 * @param label - Record version and file.
 * @param fileKey - Key of the file: a broken source of randomness then repeats no secret.
 * @param random - Source of random bytes.
 * @returns The seal, 130 bytes, and the shared point, 33 bytes, which is secret.
 * @throws MedsealError `REQUEST_MALFORMED` if the release key is not a point.
 */
export function createSeal(
  group: GroupPort,
  publicKey: Uint8Array,
  label: SealLabel,
  fileKey: Uint8Array,
  random: Random,
): { readonly seal: Uint8Array; readonly shared: Uint8Array } {
  const { identity, encapsulation } = label;
  const secret = secretOf(random, SECRET, fileKey, identity, encapsulation);
  const [point, twin] = [group.base(secret), group.second(secret)];
  const shared = group.multiply(publicKey, secret);
  const nonce = secretOf(random, NONCE, fileKey, identity, encapsulation, point, twin);
  const challenge = challengeOf(group, label, point, twin, group.base(nonce), group.second(nonce));
  const response = group.respond(nonce, challenge, secret);
  return { seal: concatBytes(point, twin, scalarBytes(challenge), response), shared };
}

/**
 * Tells whether a seal was made for a record version in this file. It needs no secret, and proves nothing about what the file holds: an author
 * can give a record away.
 *
 * @param group - Arithmetic.
 * @param label - Record version and file.
 * @param seal - The seal; not trusted.
 */
export function isSealFor(group: GroupPort, label: SealLabel, seal: Uint8Array): boolean {
  try {
    const { point, twin, challenge, response } = readSeal(seal);
    const multiples = [
      [BASE, point],
      [SECOND, twin],
    ] as const;
    const commitments = commitmentsOf(group, multiples, { challenge, response });
    if (commitments === undefined) return false;
    return challenge === challengeOf(group, label, point, twin, ...commitments);
  } catch {
    return false;
  }
}

/**
 * Reads the parts of a seal.
 *
 * @param seal - 130 bytes; not trusted. The arithmetic says if its points are on the curve.
 * @throws MedsealError `REQUEST_MALFORMED` if it has another length, or a scalar is not reduced.
 */
export function readSeal(seal: Uint8Array): SealParts {
  const [second, third, fourth] = [POINT_LENGTH, 2 * POINT_LENGTH, SEAL_LENGTH - SCALAR_LENGTH];
  const isWhole = seal.length === SEAL_LENGTH;
  const challenge = isWhole ? toInteger(seal.subarray(third, fourth)) : GROUP_ORDER;
  return {
    point: seal.subarray(0, second),
    twin: seal.subarray(second, third),
    challenge: requireReduced(challenge),
    response: requireReduced(toInteger(seal.subarray(fourth))),
  };
}

function challengeOf(
  group: GroupPort,
  { keyId, identity, encapsulation }: SealLabel,
  ...points: readonly Uint8Array[]
): bigint {
  return hashToScalar(group, PROOF, keyId, identity, encapsulation, ...points);
}
