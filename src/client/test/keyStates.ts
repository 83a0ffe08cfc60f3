import type { ErrorCode } from '../../errors/catalogue.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { dealShares } from '../../node/founding/dealShares.ts';
import { ORGANISATIONS, type TestNetwork } from '../../node/test/testNetwork.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { withReleases } from '../../protocol/release/releasesIn.ts';
import type { CoordinatorPort } from '../../services/ports.ts';
import type { Party } from '../party/Party.ts';
import { beforeRelease } from './enterUnguarded.ts';

/** A state of a channel's release key, in which somebody reads what was written before. */
export interface KeyState {
  readonly about: string;
  /** True if there was a key when it was written. */
  readonly guarded: boolean;
  /** The deal that organisations made since; it stands in the states after this one too. */
  readonly deals?: 'again' | 'another';
  /** The organisation without which, or with which, shares were dealt again; it stands in the states after this one too. */
  readonly leaves?: Organisation;
  readonly joins?: Organisation;
  /** Changes the network file that the reader has; it is that of the nodes if absent. */
  readonly known?: (party: Party) => Party;
  /** Organisations that have no share. */
  readonly silent?: readonly Organisation[];
  /** Organisations of whose coordinators nobody hears. */
  readonly away?: readonly Organisation[];
  /** Code with which a reader is refused who needs a release. */
  readonly refused?: ErrorCode;
}

/**
 * The states, in the order in which a test goes through them on a network without a release key and on one with it. Each reader
 * reads in all of them, but where a state says who is refused.
 */
export const KEY_STATES: readonly KeyState[] = [
  { about: 'in a channel without a key', guarded: false },
  { about: 'from before a key was dealt', guarded: false, known: afterRelease },
  { about: 'under the present key', guarded: true },
  {
    about: 'under a key of which one organisation lost its share',
    guarded: true,
    silent: ['insurer'],
  },
  { about: 'under a key of which one organisation is away', guarded: true, away: ['insurer'] },
  {
    about: 'under a key whose shares one organisation alone has',
    guarded: true,
    silent: ['insurer', 'laboratory'],
    refused: 'RELEASE_PENDING',
  },
  {
    about: 'under a key that was dropped since',
    guarded: true,
    known: beforeRelease,
    refused: 'SEAL_UNREADABLE',
  },
  { about: 'under a key whose shares were dealt again', guarded: true, deals: 'again' },
  {
    about: 'under a key whose shares were dealt again without one organisation',
    guarded: true,
    leaves: 'insurer',
  },
  {
    about: 'under a key whose shares were dealt again with an organisation that had none',
    guarded: true,
    joins: 'insurer',
  },
  { about: 'under a key that another one followed', guarded: true, deals: 'another' },
  {
    about: 'under a key that another one followed, of which one organisation lost its share',
    guarded: true,
    silent: ['insurer'],
  },
];

/**
 * Has the nodes of a network be in a state, once for all that is read in it.
 *
 * @param network - The network that the state is of.
 * @param state - The state.
 */
export async function enterState(
  network: TestNetwork,
  { deals, leaves, joins, silent = [], away = [] }: KeyState,
): Promise<void> {
  const { coordinator: lying } = network.liars;
  lying.clear();
  if (deals !== undefined) await network.dealKey(deals);
  if (leaves !== undefined) await network.dealWith('leaves', leaves);
  if (joins !== undefined) await network.dealWith('joins', joins);
  for (const name of silent) {
    const { coordinator } = network.services(name);
    lying.set(name, { ...coordinator, release: failing('SHARE_ABSENT') });
  }
  for (const name of away) {
    const gone = failing('PEER_UNREACHABLE');
    lying.set(name, new Proxy({} as CoordinatorPort, { get: () => gone }));
  }
}

/**
 * Returns a party as it is in a state: its network file is that of the nodes, or the one that the state says.
 *
 * @param network - The network, in the state.
 * @param state - The state.
 * @param party - The party.
 */
export function partyIn(
  network: Pick<TestNetwork, 'file'>,
  { known = (each) => each }: KeyState,
  party: Party,
): Party {
  return known({ ...party, network: network.file });
}

/** The same party, once its channel has got a release key. */
function afterRelease(party: Party): Party {
  const { release } = dealShares(party.primitives.group, ORGANISATIONS, 2, party.random);
  const channels = party.network.channels.map((channel) => withReleases(channel, [release]));
  const network: NetworkFile = { ...party.network, channels };
  return { ...party, network };
}

function failing(code: 'SHARE_ABSENT' | 'PEER_UNREACHABLE'): () => Promise<never> {
  const error =
    code === 'SHARE_ABSENT'
      ? new MedsealError(code, {})
      : new MedsealError(code, { peer: 'an organisation' });
  return async () => await Promise.reject(error);
}
