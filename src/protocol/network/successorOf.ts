import type { Primitives } from '../../crypto/Primitives.ts';
import { fingerprintOf } from './fingerprintOf.ts';
import type { NetworkFile } from './NetworkFile.ts';
import type { Successor } from './Successor.ts';

/** The parts of a network file that its successor can change, and the moment at which it does. */
export type SuccessorTerms = Pick<
  Successor,
  'from' | 'authority' | 'channels' | 'nodes' | 'contracts' | 'engine' | 'newest' | 'keeps'
>;

/**
 * Derives the network file that follows another one. It is not checked. Whoever signs it signs the block that it states, too.
 *
 * @param primitives - SHA-256.
 * @param predecessor - The file before.
 * @param terms - Parts that it has instead.
 */
export function successorOf(
  primitives: Pick<Primitives, 'sha256'>,
  predecessor: NetworkFile,
  { from, authority, channels, nodes, contracts, engine, newest, keeps }: SuccessorTerms,
): NetworkFile {
  const { before = [], nodes: _nodes, ...kept } = predecessor;
  const fingerprint = fingerprintOf(primitives, predecessor);
  const block = newest?.[0]?.facts.newest;
  const earlier = {
    fingerprint,
    until: from,
    channels: predecessor.channels,
    ...(keeps && { authority: predecessor.authority }),
  };
  return {
    ...kept,
    ...(contracts && { contracts: { ...kept.contracts, ...contracts } }),
    ...(engine && { engine }),
    authority,
    channels,
    ...(nodes && { nodes }),
    before: [...before, { ...earlier, ...(block && { block }) }],
  };
}
