import { bytesToHex, utf8ToBytes } from '../crypto/bytes.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import type { Bytes32, Organisation } from '../protocol/ids.ts';
import type { ComparedIndex } from '../protocol/operator/OperatorPort.ts';
import type { BlockDigest } from './IndexDigests.ts';
import type { LedgerIndex } from './LedgerIndex.ts';
import type { CoordinatorPort } from './ports.ts';

/** An index whose rows others can compare with theirs. */
export interface OwnIndex {
  readonly index: Pick<LedgerIndex, 'basis' | 'digests'>;
  readonly primitives: Pick<Primitives, 'sha256'>;
}

/**
 * Digests of an index's rows, for a node that has rows of the same basis.
 *
 * @param own - The index.
 * @param basis - SHA-256 of the basis that the other node has.
 * @returns None if the bases differ: then the rows do too, and nothing follows from it.
 */
export function digestsFor(own: OwnIndex, basis: Bytes32): readonly BlockDigest[] {
  return basis === basisHash(own) ? own.index.digests : [];
}

/**
 * Compares an index of the ledger with that of another organisation, at the newest block of which both have a digest.
 *
 * @param own - The index.
 * @param organisation - The other organisation.
 * @param coordinator - Its coordinator.
 * @returns Undefined if it does not answer, answers nonsense, is not so far, or has rows of another basis: nothing follows from that.
 */
export async function compareIndex(
  own: OwnIndex,
  organisation: Organisation,
  { indexed }: Pick<CoordinatorPort, 'indexed'>,
): Promise<ComparedIndex | undefined> {
  // One of an earlier version does not know the question.
  const theirs = await indexed(basisHash(own)).catch(() => []);
  // After the answer: the index goes on meanwhile.
  const digests = new Map(own.index.digests.map(({ block, digest }) => [block, digest]));
  const common = theirs.filter(({ block }) => digests.has(block));
  const [newest] = common.toSorted((one, other) => other.block - one.block);
  if (newest === undefined) return undefined;
  const { block, digest } = newest;
  return { organisation, block, same: digests.get(block) === digest };
}

function basisHash({ index, primitives }: OwnIndex): Bytes32 {
  return bytesToHex(primitives.sha256(utf8ToBytes(index.basis)));
}
