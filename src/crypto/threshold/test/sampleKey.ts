import { utf8ToBytes } from '../../bytes.ts';
import type { Random } from '../../Random.ts';
import { createDeal } from '../createDeal.ts';
import type { Ceremony } from '../Deal.ts';
import { joinDeals, joinShares } from '../joinDeals.ts';
import type { GroupPort } from '../GroupPort.ts';
import type { ThresholdKey } from '../thresholdKey.ts';

/** A threshold key with all of its shares, as no one has them outside of a test. */
export interface SampleKey {
  readonly ceremony: Ceremony;
  readonly key: ThresholdKey;
  /** Share of each member, by index. */
  readonly secrets: ReadonlyMap<number, bigint>;
}

/**
 * Founds a threshold key as its members would.
 *
 * @param group - Arithmetic.
 * @param random - Source of random bytes.
 * @param threshold - Number of shares that open.
 * @param members - Indices of the members.
 */
export function sampleKey(
  group: GroupPort,
  random: Random,
  threshold = 2,
  members: readonly number[] = [1, 2, 3],
): SampleKey {
  const ceremony = { context: utf8ToBytes('a founding'), threshold, members };
  const made = members.map((dealer) => createDeal(group, ceremony, dealer, random));
  const deals = made.map(({ deal }) => deal);
  const key = joinDeals(group, ceremony, deals, 'founding');
  const secrets = new Map(
    members.map((member) => {
      const dealt = made.map(({ deal, shares }) => ({ deal, share: shares.get(member) ?? 0n }));
      return [member, joinShares(group, key, member, dealt, 'founding')];
    }),
  );
  return { ceremony, key, secrets };
}
