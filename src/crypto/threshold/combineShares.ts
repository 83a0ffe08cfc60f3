import { malformed } from '../../errors/malformed.ts';
import type { KeyShare } from './KeyShare.ts';
import type { PairingPort, PointTerm } from './PairingPort.ts';
import { weightsAtZero } from './polynomial.ts';

/**
 * The key of an identity, from shares of so many members as the threshold asks. It is these members' joint BLS
 * signature over the identity, so it proves that they released. From false shares comes a false key, which opens nothing:
 * then `isShareOf` tells whose share is false.
 *
 * @param pairing - Arithmetic.
 * @param shares - As many as the threshold, of different members.
 * @returns A point of G1, 48 bytes.
 * @throws MedsealError `REQUEST_MALFORMED` if two are of one member, an index is not one, or a share is not a point.
 */
export function combineShares(pairing: PairingPort, shares: readonly KeyShare[]): Uint8Array {
  return pairing.sumG1(termsOfShares(shares));
}

/**
 * The terms whose sum is the key of an identity, for arithmetic that runs elsewhere.
 *
 * @param shares - As for `combineShares`.
 * @throws MedsealError `REQUEST_MALFORMED` if two are of one member, or an index is not one.
 */
export function termsOfShares(shares: readonly KeyShare[]): readonly PointTerm[] {
  requireIndices(shares.map(({ index }) => index));
  const weights = weightsAtZero(shares.map(({ index }) => index));
  return shares.map(({ share }, place) => ({ point: share, scalar: weights[place] ?? 0n }));
}

/** The largest index of a member. */
export const MOST_INDEX = 65_535;

/**
 * Requires indices of different members.
 *
 * @param indices - At least one.
 * @throws MedsealError `REQUEST_MALFORMED` if one is not from 1 to 65,535, two are equal, or the list is empty.
 */
export function requireIndices(indices: readonly number[]): void {
  const fits = indices.every(
    (index) => Number.isInteger(index) && index > 0 && index <= MOST_INDEX,
  );
  if (!fits || indices.length === 0 || new Set(indices).size < indices.length) {
    throw malformed('indices of members');
  }
}
