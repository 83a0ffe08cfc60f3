import type { Primitives } from '../../crypto/Primitives.ts';
import { canonicalHash } from '../../protocol/wire/canonicalHash.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { channelNumbersOf, type ChannelNumber } from '../../protocol/network/channelNumbers.ts';
import { DEFAULT_LONGEST_RIGHT } from '../../protocol/network/longestRightOf.ts';
import type { Founding } from '../../folder/Founding.ts';
import type { IdentityFile } from './identityFiles.ts';

/** Terms that a network's founder decides, beside the organisations' identity files. */
export type Decided = Pick<
  Founding,
  | 'chainId'
  | 'timestamp'
  | 'faulty'
  | 'thresholds'
  | 'longestRight'
  | 'delay'
  | 'claims'
  | 'maxLedgerAge'
  | 'categories'
  | 'controlled'
  | 'copies'
  | ChannelNumber
  | 'release'
  | 'further'
  | 'ledger'
> & {
  /** Name of the channel, if it is not the first one of a ledger. */
  readonly channel?: string;
};

/**
 * Computes the id of a network that is founded by files: a hash of every organisation's identity file and of the
 * founder's terms. Each organisation made new keys for it, so no founder can give a network the id of another one, in
 * which its signatures would be valid too. Recipients of shares are not in it: the release key is, which the shares make.
 *
 * @param primitives - SHA-256.
 * @param terms - Terms of the founder.
 * @param identities - The identity files, the founder's first.
 */
export function networkIdOf(
  primitives: Pick<Primitives, 'sha256'>,
  terms: Decided,
  identities: readonly IdentityFile[],
): Bytes32 {
  const given = {
    format: 'medseal-founding/1',
    decided: fieldsOf(terms),
    identities: identities.map(({ share: _share, ...identity }) => identity),
  };
  return canonicalHash(primitives, given);
}

/**
 * Computes the id of the terms of a network whose release key is not dealt yet: the deals are signed for it. It is the id of no
 * network, and covers the recipients too.
 *
 * @param primitives - SHA-256.
 * @param terms - Terms of the founder, without a release key.
 * @param identities - The identity files, the founder's first.
 */
export function termsIdOf(
  primitives: Pick<Primitives, 'sha256'>,
  terms: Decided,
  identities: readonly IdentityFile[],
): Bytes32 {
  const given = { format: 'medseal-terms/1', decided: fieldsOf(terms), identities };
  return canonicalHash(primitives, given);
}

function fieldsOf(terms: Decided): Decided {
  const { chainId, timestamp, faulty, thresholds, longestRight = DEFAULT_LONGEST_RIGHT } = terms;
  const { delay, claims, channel, categories, controlled, copies, further = [], ledger } = terms;
  const { maxLedgerAge, release } = terms;
  const { writes, views } = thresholds;
  return {
    chainId,
    timestamp,
    faulty,
    thresholds: { writes, views },
    longestRight,
    ...(delay !== undefined && { delay }),
    ...(claims && { claims }),
    ...(maxLedgerAge !== undefined && { maxLedgerAge }),
    ...(channel !== undefined && { channel }),
    ...(categories && { categories }),
    ...(controlled && { controlled }),
    ...(copies !== undefined && { copies }),
    ...channelNumbersOf(terms),
    ...(release && { release }),
    ...(further.length > 0 && { further }),
    ...(ledger && { ledger }),
  };
}
