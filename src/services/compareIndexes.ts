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
 * Compares an index of the ledger with those of other organisations, with each at the newest block of which both have a digest. About one
 * that does not answer, answers nonsense, or is not so far, it says what it said before.
 *
 * @param own - The index.
 * @param others - Coordinators of the other organisations.
 * @param before - Outcome of the comparison before.
 * @returns Each organisation that was ever compared, with the last outcome.
 */
export async function compareIndexes(
  own: OwnIndex,
  others: ReadonlyMap<Organisation, Pick<CoordinatorPort, 'indexed'>>,
  before: readonly ComparedIndex[] = [],
): Promise<readonly ComparedIndex[]> {
  const basis = basisHash(own);
  const compared = [...others].map(async ([organisation, { indexed }]) => {
    // One of an earlier version does not know the question.
    const theirs = await indexed(basis).catch(() => []);
    // After the answer: the index goes on meanwhile.
    const digests = new Map(own.index.digests.map(({ block, digest }) => [block, digest]));
    const common = theirs
      .filter(({ block }) => digests.has(block))
      .toSorted((one, other) => other.block - one.block);
    const [newest] = common;
    if (newest === undefined) return before.filter((each) => each.organisation === organisation);
    const { block, digest } = newest;
    return [{ organisation, block, same: digests.get(block) === digest }];
  });
  return (await Promise.all(compared)).flat();
}

function basisHash({ index, primitives }: OwnIndex): Bytes32 {
  return bytesToHex(primitives.sha256(utf8ToBytes(index.basis)));
}
