import { bytesToHex } from '../../crypto/bytes.ts';
import type { Random } from '../../crypto/Random.ts';
import { createDeal } from '../../crypto/threshold/createDeal.ts';
import { isDeal, isDealtShare } from '../../crypto/threshold/isDeal.ts';
import { joinDeals, joinShares } from '../../crypto/threshold/joinDeals.ts';
import type { GroupPort } from '../../crypto/threshold/GroupPort.ts';
import { scalarBytes } from '../../crypto/threshold/scalars.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { ReleaseKey } from '../../protocol/network/NetworkFile.ts';

/** A release key, and the share that each organisation keeps to itself. */
export interface DealtKey {
  readonly release: ReleaseKey;
  /** 32 bytes each, a scalar. */
  readonly secrets: ReadonlyMap<Organisation, Uint8Array>;
}

/**
 * Has organisations that are all here deal shares of a new release key to each other. Each deals a part of the secret, and
 * examines what it gets.
 *
 * @param group - Arithmetic.
 * @param organisations - The organisations; their indices follow from this order, from 1.
 * @param threshold - Number of organisations whose shares open.
 * @param random - Source of random bytes.
 * @throws MedsealError `REQUEST_MALFORMED` if a deal does not hold.
 */
export function dealShares(
  group: GroupPort,
  organisations: readonly Organisation[],
  threshold: number,
  random: Random,
): DealtKey {
  const members = organisations.map((_, place) => place + 1);
  const ceremony = { context: random(32), threshold, members };
  const made = members.map((dealer) => createDeal(group, ceremony, dealer, random));
  const deals = made.map(({ deal }) => deal);
  const key = joinDeals(group, ceremony, deals, 'founding');
  const secrets = new Map<Organisation, Uint8Array>();
  const shares = organisations.map((organisation, place) => {
    const index = place + 1;
    const dealt = made.map(({ deal, shares: given }) => ({ deal, share: given.get(index) ?? 0n }));
    for (const { deal, share } of dealt) {
      if (isDeal(group, ceremony, deal) && isDealtShare(group, deal, index, share)) continue;
      throw new MedsealError('REQUEST_MALFORMED', { what: 'deal' });
    }
    secrets.set(organisation, scalarBytes(joinShares(group, key, index, dealt, 'founding')));
    const memberKey = key.members.get(index) ?? new Uint8Array();
    return { organisation, index, key: bytesToHex(memberKey) };
  });
  return { release: { threshold, publicKey: bytesToHex(key.publicKey), shares }, secrets };
}
