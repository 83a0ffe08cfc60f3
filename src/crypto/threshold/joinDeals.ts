import { malformed } from '../../errors/malformed.ts';
import { equalBytes } from '../bytes.ts';
import { requireCeremony } from './createDeal.ts';
import type { Ceremony, Deal } from './Deal.ts';
import { dealtKey } from './isDeal.ts';
import type { GroupPort } from './GroupPort.ts';
import { finite } from './malformedPoint.ts';
import { weightsAtZero } from './polynomial.ts';
import { reduced, scalarBytes } from './scalars.ts';
import type { ThresholdKey } from './thresholdKey.ts';

/** The way to join deals: those of a founding are added, those of shares of a key weigh as the shares do. */
export type Joining = 'founding' | 'resharing';

/**
 * The key that deals make together.
 *
 * @param group - Arithmetic.
 * @param ceremony - The ceremony.
 * @param deals - Deals that `isDeal` took: of all members to found a key, of as many sitting members as the old threshold
 * to share it again.
 * @param joining - Which of the two.
 */
export function joinDeals(
  group: GroupPort,
  ceremony: Ceremony,
  deals: readonly Deal[],
  joining: Joining,
): ThresholdKey {
  requireCeremony(ceremony);
  const weights = weightsOf(deals, joining);
  const commitments = Array.from({ length: ceremony.threshold }, (_, power) =>
    finite(
      group.sum(
        deals.map((deal, place) => {
          const point = deal.commitments[power];
          if (point === undefined) throw malformed('deal');
          return { point, scalar: weights[place] ?? 0n };
        }),
      ),
    ),
  );
  return {
    publicKey: commitments[0] as Uint8Array,
    threshold: ceremony.threshold,
    members: new Map(
      ceremony.members.map((member) => [member, dealtKey(group, commitments, member)]),
    ),
  };
}

/**
 * A member's share of the key, from the shares that dealers gave it.
 *
 * @param group - Arithmetic.
 * @param key - The key that `joinDeals` gave for the same deals.
 * @param member - The member's index.
 * @param deals - The same deals in the same order, each with the member's share.
 * @param joining - As for `joinDeals`.
 * @throws MedsealError `REQUEST_MALFORMED` if what comes out is not the share that the key has for this member.
 */
export function joinShares(
  group: GroupPort,
  key: ThresholdKey,
  member: number,
  deals: readonly { readonly deal: Deal; readonly share: bigint }[],
  joining: Joining,
): bigint {
  const weights = weightsOf(
    deals.map(({ deal }) => deal),
    joining,
  );
  const share = deals.reduce(
    (sum, one, place) => reduced(sum + one.share * (weights[place] ?? 0n)),
    0n,
  );
  if (!isOwnShare(group, key, member, share)) {
    throw malformed('share of a deal');
  }
  return share;
}

/**
 * Tells whether a secret is a member's present share of a key; one of before the shares were dealt again is not.
 *
 * @param group - Arithmetic.
 * @param key - The key.
 * @param member - The member's index.
 * @param secret - The member's secret.
 */
export function isOwnShare(
  group: GroupPort,
  key: ThresholdKey,
  member: number,
  secret: bigint,
): boolean {
  const expected = key.members.get(member);
  return expected !== undefined && equalBytes(group.base(scalarBytes(secret)), expected);
}

function weightsOf(deals: readonly Deal[], joining: Joining): readonly bigint[] {
  const dealers = deals.map(({ dealer }) => dealer);
  if (new Set(dealers).size < dealers.length || dealers.length === 0) {
    throw malformed('dealers');
  }
  return joining === 'resharing' ? weightsAtZero(dealers) : dealers.map(() => 1n);
}
