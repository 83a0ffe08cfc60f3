import { concatBytes, utf8ToBytes } from '../bytes.ts';
import type { Random } from '../Random.ts';
import { u64 } from '../u64.ts';
import { BASE, POINT_LENGTH, type GroupPort } from './GroupPort.ts';
import { commitmentsOf } from './equalLogarithms.ts';
import { hashToScalar } from './hashToScalar.ts';
import type { KeyShare } from './KeyShare.ts';
import { SCALAR_LENGTH, requireReduced, scalarBytes, secretOf, toInteger } from './scalars.ts';
import type { ThresholdKey } from './thresholdKey.ts';

const PROOF = 'medseal/share-proof/1';
const NONCE = utf8ToBytes('medseal/share-nonce/1');

/** Bytes of a share: a point and two scalars. */
export const SHARE_LENGTH = POINT_LENGTH + 2 * SCALAR_LENGTH;

/** The seal of which a member gives a share, and the member. */
export interface ShareOf {
  /** Id of the release key, 32 bytes. */
  readonly keyId: Uint8Array;
  /** Identity of the record version (`recordIdentity`). */
  readonly identity: Uint8Array;
  /** The seal's first point, 33 bytes. */
  readonly point: Uint8Array;
  /** The member's index, from 1. */
  readonly index: number;
  /** Public key of the member's share of the release key, 33 bytes. */
  readonly memberKey: Uint8Array;
}

/**
 * A member's share of what opens a seal, with a proof that everybody can check (TDH2). Only for a seal that `isSealFor` took for a
 * judged view's version.
 *
 * @param group - Arithmetic.
 * @param of - Seal and member.
 * @param secret - The member's share of the release key, 32 bytes.
 * @param random - Source of random bytes.
 * @returns 97 bytes.
 * @throws MedsealError `REQUEST_MALFORMED` if the seal's point or the secret is not one.
 */
export function extractShare(
  group: GroupPort,
  of: ShareOf,
  secret: Uint8Array,
  random: Random,
): Uint8Array {
  const share = group.multiply(of.point, secret);
  const nonce = secretOf(random, NONCE, secret, of.identity, of.point, share);
  const challenge = challengeOf(
    group,
    of,
    share,
    group.base(nonce),
    group.multiply(of.point, nonce),
  );
  return concatBytes(share, scalarBytes(challenge), group.respond(nonce, challenge, secret));
}

/**
 * Tells whether bytes are a member's share of what opens a seal.
 *
 * @param group - Arithmetic.
 * @param of - Seal and member.
 * @param share - The share; not trusted.
 */
export function isShareOf(group: GroupPort, of: ShareOf, share: Uint8Array): boolean {
  try {
    if (share.length !== SHARE_LENGTH) return false;
    const point = pointOfShare(share);
    const challenge = requireReduced(toInteger(share.subarray(POINT_LENGTH, -SCALAR_LENGTH)));
    const response = requireReduced(toInteger(share.subarray(-SCALAR_LENGTH)));
    const multiples = [
      [BASE, of.memberKey],
      [of.point, point],
    ] as const;
    const commitments = commitmentsOf(group, multiples, { challenge, response });
    if (commitments === undefined) return false;
    return challenge === challengeOf(group, of, point, ...commitments);
  } catch {
    return false;
  }
}

/**
 * Tells whether what somebody gave as a member's share of a release key is one.
 *
 * @param group - Arithmetic.
 * @param key - The release key.
 * @param of - The seal.
 * @param given - The member's index, and the share; not trusted.
 */
export function isShareIn(
  group: GroupPort,
  key: Pick<ThresholdKey, 'members'> & { readonly id: Uint8Array },
  of: Pick<ShareOf, 'identity' | 'point'>,
  { index, share }: KeyShare,
): boolean {
  const memberKey = key.members.get(index);
  if (memberKey === undefined) return false;
  return isShareOf(group, { ...of, keyId: key.id, index, memberKey }, share);
}

/** The point of a share, 33 bytes, without its proof. */
export function pointOfShare(share: Uint8Array): Uint8Array {
  return share.subarray(0, POINT_LENGTH);
}

function challengeOf(
  group: GroupPort,
  { keyId, identity, index, memberKey, point }: ShareOf,
  ...points: readonly Uint8Array[]
): bigint {
  return hashToScalar(group, PROOF, keyId, identity, u64(index), memberKey, point, ...points);
}
