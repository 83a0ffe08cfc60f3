import type { Organisation } from '../ids.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import { freshKey, type DealingPlan } from './planDealing.ts';

/**
 * Returns the number of organisations whose deals make the first release key of a network: all but those that may be faulty, and
 * as many as open a record at least. All who dealt know the key together, so fewer of them would need nobody else.
 *
 * @param terms - The terms that the network is founded on, as a network file without the key.
 */
export function dealersOf({ channels: [channel] }: Pick<NetworkFile, 'channels'>): number {
  if (channel === undefined) return 0;
  const { coordinators, faulty, thresholds } = channel;
  return Math.max(coordinators.length - faulty, thresholds.views);
}

/**
 * Plans how the organisations of a network that is founded by files deal its first release key. All get a share; as many open as
 * judge a view.
 *
 * @param terms - The terms that it is founded on, as a network file without the key. Its id stands for all terms, and for the
 * recipients in the identity files.
 * @param needed - Number of deals to join.
 */
export function planFounding(terms: NetworkFile, needed: number): DealingPlan {
  const { coordinators = [], thresholds } = terms.channels[0] ?? {};
  const members = coordinators.map((member, place) => ({ ...member, index: place + 1 }));
  const signers = new Map(members.map(({ organisation, address }) => [organisation, address]));
  return {
    ceremony: terms.networkId,
    threshold: thresholds?.views ?? 0,
    members,
    keys: [freshKey(members, needed)],
    kept: [],
    signerOf: (organisation: Organisation) => signers.get(organisation),
    formerOf: () => undefined,
  };
}
