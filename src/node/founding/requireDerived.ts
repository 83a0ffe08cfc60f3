import type { Primitives } from '../../crypto/Primitives.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { channelNumbersOf } from '../../protocol/network/channelNumbers.ts';
import { furtherContractsOf } from '../../protocol/network/furtherContracts.ts';
import { longestRightOf } from '../../protocol/network/longestRightOf.ts';
import type { NetworkFile, ReleaseKey } from '../../protocol/network/NetworkFile.ts';
import { FIRST_CHANNEL } from '../../folder/Founding.ts';
import { findDifference } from './findDifference.ts';
import { foundingBy } from './foundingBy.ts';
import { networkFileOf } from './foundNetwork.ts';
import { founderFirst, type IdentityFile } from './identityFiles.ts';
import { networkIdOf, termsIdOf, type Decided } from './networkIdOf.ts';
import { TERMS_NAME } from './termsFiles.ts';

/** Values that a network file is to follow from, beside the identity files and the founder's terms. */
export interface DerivedFrom {
  /** True if each organisation made its folder for a demonstration. */
  readonly demo: boolean;
  /** Name of the chain that the file's terms make, if the organisations' validators hold the ledger. */
  readonly chain?: string | undefined;
  /** The ledger of another network, as its file names it. */
  readonly ledger?: NetworkFile['ledger'] | undefined;
  /** The release key that the organisations' deals make; absent if the network is unguarded. */
  readonly release?: ReleaseKey | undefined;
  /** True if it is not a network file yet: the terms for which the organisations deal the release key. */
  readonly isTerms?: boolean;
}

/**
 * Refuses a network file that does not follow, to its last field, from the organisations' identity files, their deals, and from the
 * terms that a founder decides: chain id, time of block 0, thresholds, longest right, delay of changes, terms of claims, the bound on the ledger's age. Each node
 * derives the file itself, because the founder could have added anything: its own keys under another's name, its own contracts,
 * ledger or release key.
 *
 * @param network - The network file; it is well-formed.
 * @param identities - The identity files, of different organisations and keys.
 * @param primitives - Hashes.
 * @param from - Whatever else it follows from.
 * @throws MedsealError `CEREMONY_INVALID` that names the first field that differs.
 */
export function requireDerived(
  network: NetworkFile,
  identities: readonly IdentityFile[],
  primitives: Pick<Primitives, 'sha256' | 'keccak256'>,
  { demo, chain, ledger: other, release, isTerms = false }: DerivedFrom,
): void {
  const file = isTerms ? TERMS_NAME : 'network.json';
  const { founders: [founder, ...others] = [] } = network;
  const all = founderFirst(identities, founder?.organisation);
  const isFounders = all[0] !== undefined && all[0].organisation === founder?.organisation;
  if (!isFounders || all.length !== 1 + others.length) {
    throw invalid(file, 'it names other organisations than the identity files');
  }
  const [channel] = network.channels;
  if (channel === undefined || (other === undefined && channel.name !== FIRST_CHANNEL)) {
    throw invalid(file, `it has no channel ${FIRST_CHANNEL}`);
  }
  const decided = { ...decidedOf(network, other), ...(release && { release }) };
  const id = (isTerms ? termsIdOf : networkIdOf)(primitives, decided, all);
  // The id is last: it differs whatever else differs.
  const named = { networkId: network.networkId, demo };
  const organisations = all.map(({ organisation }) => organisation);
  const founding = foundingBy(decided, { ...named, organisations, identities: all });
  const derived = networkFileOf(founding, all, primitives, chain);
  const isId = network.networkId === id;
  const difference = findDifference(derived, network) ?? (isId ? undefined : 'networkId');
  if (difference === undefined) return;
  const isKey = difference.startsWith('channels[0].release');
  const from = isKey ? 'deals of the organisations' : 'identity files';
  throw invalid(file, `${difference} does not follow from the ${from}`);
}

/**
 * Reads from a network file what its founder decided.
 *
 * @param network - The network file.
 * @param other - The ledger of another network, if it uses that.
 * @returns The terms, without a release key: the founder does not decide it.
 */
export function decidedOf(network: NetworkFile, other: NetworkFile['ledger'] | undefined): Decided {
  const { ledger, channels, changes, claims, contracts } = network;
  const [channel] = channels;
  if (channel === undefined) throw invalid('network.json', 'it has no channel');
  const { faulty, thresholds, categories, controlled, copies, name } = channel;
  return {
    chainId: ledger.chainId,
    timestamp: ledger.timestamp ?? 0,
    faulty,
    thresholds: { writes: thresholds.writes, views: thresholds.views },
    longestRight: longestRightOf(network),
    ...(changes && { delay: changes.delay }),
    ...(claims && { claims }),
    ...(other === undefined && ledger.maxAge !== undefined && { maxLedgerAge: ledger.maxAge }),
    ...(categories && { categories }),
    ...(controlled && { controlled }),
    ...(copies !== undefined && { copies }),
    ...channelNumbersOf(channel),
    further: furtherContractsOf(contracts),
    ...(other && { ledger: other, channel: name }),
  };
}

function invalid(file: string, reason: string): MedsealError {
  return new MedsealError('CEREMONY_INVALID', { file, reason });
}
