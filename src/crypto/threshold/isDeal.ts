import type { Ceremony, Deal } from './Deal.ts';
import { equalBytes } from '../bytes.ts';
import { challengeOf, requireCeremony } from './createDeal.ts';
import type { GroupPort, PointTerm } from './GroupPort.ts';
import { finite } from './malformedPoint.ts';
import { reduced, scalarBytes } from './scalars.ts';

/**
 * Tells whether a deal is well-formed for its ceremony, and its dealer knows what it shares.
 *
 * @param group - Arithmetic.
 * @param ceremony - The ceremony.
 * @param deal - The deal; not trusted.
 * @param shared - The first commitment that it has to have: the dealer's public key if it shares its share of a key again. Any if absent.
 * @throws MedsealError `REQUEST_MALFORMED` if the ceremony itself is not one.
 */
export function isDeal(
  group: GroupPort,
  ceremony: Ceremony,
  deal: Deal,
  shared?: Uint8Array,
): boolean {
  requireCeremony(ceremony);
  const { dealer, commitments, proof } = deal;
  const [first] = commitments;
  if (first === undefined || commitments.length !== ceremony.threshold) return false;
  if (shared !== undefined && !equalBytes(shared, first)) return false;
  try {
    if (!commitments.every((commitment) => group.isPoint(commitment))) return false;
    const challenge = challengeOf(group, ceremony, dealer, commitments, proof.commitment);
    const expected = group.sum([
      { point: proof.commitment, scalar: 1n },
      { point: first, scalar: challenge },
    ]);
    return expected !== undefined && equalBytes(group.base(proof.response), expected);
  } catch {
    return false;
  }
}

/**
 * Tells whether a share is the one that a deal commits to.
 *
 * @param group - Arithmetic.
 * @param deal - A deal that `isDeal` took.
 * @param member - The member's index.
 * @param share - The share that the dealer gave it.
 */
export function isDealtShare(
  group: GroupPort,
  { commitments }: Deal,
  member: number,
  share: bigint,
): boolean {
  try {
    return equalBytes(group.base(scalarBytes(share)), dealtKey(group, commitments, member));
  } catch {
    return false;
  }
}

/**
 * The public key of the share that commitments hold for a member.
 *
 * @param group - Arithmetic.
 * @param commitments - Points, from the constant term upwards.
 * @param member - The member's index.
 * @returns 33 bytes.
 */
export function dealtKey(
  group: GroupPort,
  commitments: readonly Uint8Array[],
  member: number,
): Uint8Array {
  return finite(group.sum(termsAt(commitments, member)));
}

/**
 * The terms whose sum is the public key of the share that commitments hold for a member.
 *
 * @param commitments - Points, from the constant term upwards.
 * @param member - The member's index.
 */
export function termsAt(commitments: readonly Uint8Array[], member: number): readonly PointTerm[] {
  return commitments.map((point, power) => ({
    point,
    scalar: reduced(BigInt(member) ** BigInt(power)),
  }));
}
