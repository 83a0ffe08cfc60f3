import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { followNetwork } from './followNetwork.ts';
import type { Party } from './Party.ts';

/** Files that were followed since a party was opened, by the file that it was opened under; each was verified. */
const followed = new WeakMap<NetworkFile, NetworkFile>();

/**
 * Returns the party under the network file that `followRefused` found last, if it found one.
 *
 * @param party - The party, as it was opened.
 */
export function underFollowed(party: Party): Party {
  const network = followed.get(party.network);
  return network === undefined ? party : { ...party, network };
}

/**
 * Asks the party's node once more which network file is in force, after it refused what was sealed under the party's: the channel
 * may have another release key since the party was opened. Nothing is followed that those whom the party trusts did not sign.
 *
 * @param party - The party, as it was opened.
 * @returns The party under the file that follows; undefined if none does.
 */
export async function followRefused(party: Party): Promise<Party | undefined> {
  const used = underFollowed(party).network;
  const known = used === party.network ? [used] : [party.network, used];
  const found = await followNetwork(party, known, party.agent).catch(() => undefined);
  if (found === undefined || found.network === used) return undefined;
  followed.set(party.network, found.network);
  return underFollowed(party);
}
