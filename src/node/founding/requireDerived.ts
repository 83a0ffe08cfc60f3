import type { Primitives } from '../../crypto/Primitives.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { furtherContractsOf } from '../../protocol/furtherContracts.ts';
import { longestRightOf } from '../../protocol/longestRightOf.ts';
import type { NetworkFile } from '../../protocol/NetworkFile.ts';
import { authorityThreshold } from './authorityThreshold.ts';
import { findDifference } from './findDifference.ts';
import { FIRST_CHANNEL, FOUNDING_FORMAT, type Founding } from '../../folder/Founding.ts';
import { networkFileOf } from './foundNetwork.ts';
import type { IdentityFile } from './identityFiles.ts';
import { networkIdOf, type Decided } from './networkIdOf.ts';
import { validatorsIn } from './validatorsIn.ts';

/**
 * Refuses a network file that does not follow, to its last field, from the organisations' identity files and from the
 * terms that a founder decides: chain id, time of block 0, thresholds, longest right, delay of changes, terms of claims. Each node
 * derives the file itself, because the founder could have added anything: its own keys under another's name, its own contracts or
 * ledger.
 *
 * @param network - The network file; it is well-formed.
 * @param identities - The identity files, of different organisations and keys.
 * @param primitives - Hashes.
 * @param on - Name of the chain that the file's terms make, if the organisations' validators hold the ledger; or the
 * ledger of another network, as its file names it.
 * @throws MedsealError `CEREMONY_INVALID` that names the first field that differs.
 */
export function requireDerived(
  network: NetworkFile,
  identities: readonly IdentityFile[],
  primitives: Pick<Primitives, 'sha256' | 'keccak256'>,
  { chain, ledger: other }: { readonly chain?: string | undefined } & Pick<Founding, 'ledger'> = {},
): void {
  const { founders = [], ledger, channels } = network;
  const [only] = channels;
  const isNamed = other !== undefined || only?.name === FIRST_CHANNEL;
  const channel = isNamed ? only : undefined;
  const first = identities.find(({ organisation }) => organisation === founders[0]?.organisation);
  if (first === undefined || founders.length !== identities.length) {
    throw invalid('it names other organisations than the identity files');
  }
  if (channel === undefined) throw invalid(`it has no channel ${FIRST_CHANNEL}`);
  const all = [first, ...identities.filter((each) => each !== first)];
  const { chainId, timestamp = 0 } = ledger;
  const { faulty, thresholds } = channel;
  const decided: Decided = {
    chainId,
    timestamp,
    faulty,
    thresholds: { writes: thresholds.writes, views: thresholds.views },
    longestRight: longestRightOf(network),
    ...(network.changes && { delay: network.changes.delay }),
    ...(network.claims && { claims: network.claims }),
    ...(channel.categories && { categories: channel.categories }),
    ...(channel.controlled && { controlled: channel.controlled }),
    ...(channel.copies !== undefined && { copies: channel.copies }),
    ...(channel.dailyBytes !== undefined && { dailyBytes: channel.dailyBytes }),
    ...(channel.release && { release: channel.release }),
    further: furtherContractsOf(network.contracts),
    ...(other && { ledger: other, channel: channel.name }),
  };
  const founding: Founding = {
    ...decided,
    format: FOUNDING_FORMAT,
    // The id is last: it differs whatever else differs.
    networkId: network.networkId,
    demo: false,
    channel: channel.name,
    threshold: authorityThreshold(all.length, faulty),
    organisations: all.map(({ organisation }) => organisation),
    urls: Object.fromEntries(all.map(({ organisation, url }) => [organisation, url])),
    tls: all.some(({ tls }) => tls !== undefined),
    ...validatorsIn(all),
  };
  const derived = networkFileOf(founding, all, primitives, chain);
  const isId = network.networkId === networkIdOf(primitives, decided, all);
  const difference = findDifference(derived, network) ?? (isId ? undefined : 'networkId');
  if (difference !== undefined) {
    throw invalid(`${difference} does not follow from the identity files`);
  }
}

function invalid(reason: string): MedsealError {
  return new MedsealError('CEREMONY_INVALID', { file: 'network.json', reason });
}
