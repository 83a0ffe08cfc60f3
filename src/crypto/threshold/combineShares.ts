import { malformed } from '../../errors/malformed.ts';
import { remembering } from '../remembering.ts';
import type { KeyShare } from './KeyShare.ts';
import { pointOfShare } from './extractShare.ts';
import type { GroupPort } from './GroupPort.ts';
import { finite } from './malformedPoint.ts';
import { weightsAtZero } from './polynomial.ts';

/**
 * The shared point of a seal, from shares of so many members as the threshold asks. From false shares comes a false point, which opens
 * nothing: then `isShareOf` tells whose share is false.
 *
 * @param group - Arithmetic.
 * @param shares - As many as the threshold, of different members.
 * @returns 33 bytes.
 * @throws MedsealError `REQUEST_MALFORMED` if two are of one member, an index is not one, a share is not a point, or their sum is the
 * point at infinity.
 */
export function combineShares(group: GroupPort, shares: readonly KeyShare[]): Uint8Array {
  requireIndices(shares.map(({ index }) => index));
  const weights = weightsOf(shares.map(({ index }) => index).join(' '));
  return finite(
    group.sum(
      shares.map(({ share }, place) => ({
        point: pointOfShare(share),
        scalar: weights[place] ?? 0n,
      })),
    ),
  );
}

/** Weights of the last sets of members, by their indices: a reader opens many files with shares of the same ones. */
const weightsOf = remembering(256, (indices) => weightsAtZero(indices.split(' ').map(Number)));

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
