import { bytesToHex } from '../../crypto/bytes.ts';
import type { Random } from '../../crypto/Random.ts';
import { createDeal } from '../../crypto/threshold/createDeal.ts';
import type { GroupPort } from '../../crypto/threshold/GroupPort.ts';
import { joinDeals, joinShares } from '../../crypto/threshold/joinDeals.ts';
import { parseScalar, scalarBytes } from '../../crypto/threshold/scalars.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { DealtKey } from '../founding/dealShares.ts';

/**
 * Has organisations that are all here deal the shares of a release key again: the key stays, and no former share fits.
 *
 * @param group - Arithmetic.
 * @param dealt - The key with its present shares.
 * @param random - Source of random bytes.
 * @param organisations - Those who have a share afterwards, each with the index of its place; those who have one now if absent.
 */
export function dealAgain(
  group: GroupPort,
  { release, secrets }: DealtKey,
  random: Random,
  organisations?: ReadonlyMap<Organisation, number>,
): DealtKey {
  const { threshold } = release;
  const next =
    organisations === undefined
      ? release.shares
      : [...organisations].map(([organisation, index]) => ({ organisation, index }));
  const members = next.map(({ index }) => index);
  const ceremony = { context: random(32), threshold, members };
  const made = release.shares.slice(0, threshold).map(({ organisation, index }) => {
    const secret = parseScalar(secrets.get(organisation) ?? new Uint8Array());
    return createDeal(group, ceremony, index, random, secret);
  });
  const deals = made.map(({ deal }) => deal);
  const key = joinDeals(group, ceremony, deals, 'resharing');
  const fresh = new Map<Organisation, Uint8Array>();
  const shares = next.map(({ organisation, index }) => {
    const dealt = made.map(({ deal, shares: given }) => ({ deal, share: given.get(index) ?? 0n }));
    fresh.set(organisation, scalarBytes(joinShares(group, key, index, dealt, 'resharing')));
    return { organisation, index, key: bytesToHex(key.members.get(index) ?? new Uint8Array()) };
  });
  return { release: { ...release, shares }, secrets: fresh };
}
