import { bytesToHex, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { encodeFields } from '../../crypto/encodeFields.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { memoryTree } from '../../crypto/merkle/memoryTree.ts';
import { verifyInclusion } from '../../crypto/merkle/verifyInclusion.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { Body } from '../evidence/evidence.ts';
import { BYTES32, ListOf } from '../wire/findShapeError.ts';
import type { Bytes32 } from '../ids.ts';
import type { KeptView, Signed, View } from '../struct/requests.ts';
import { shapeOfType } from '../shapes/shapeOfType.ts';
import { opensByRelease } from './viewIdentity.ts';
import { pairLeaf, viewOfPair, type ListedPair, type ViewPair } from '../evidence/viewSet.ts';

const LABEL = utf8ToBytes('medseal/released-view/1');

type Hash = Pick<Primitives, 'sha256'>;

/** A record version of a set of views, with the proof that the set names it. */
export interface PairInSet extends ViewPair {
  /** Its place in the list of the set. */
  readonly nth: number;
  /** RFC 9162 inclusion proof of its leaf in the set's root, hashes from the leaf up. */
  readonly proof: readonly Bytes32[];
}

/** `PairInSet` */
export const PAIR_IN_SET = shapeOfType<PairInSet>('PairInSet')({
  record: BYTES32,
  version: 'count',
  nth: 'count',
  proof: new ListOf(BYTES32, 10),
});

/** A view of one record by its entry, and of a set by the leaf of the record version too. */
export interface ReleasedView {
  readonly entry: Bytes32;
  readonly leaf?: Bytes32;
}

/**
 * Returns the name under which shares are released for a view of one record: its entry, or of a set that and the leaf.
 *
 * @param primitives - SHA-256.
 * @param view - The view.
 */
export function releasedName(primitives: Hash, { entry, leaf }: ReleasedView): Bytes32 {
  if (leaf === undefined) return entry;
  const fields = encodeFields(LABEL, hexToBytes(entry), hexToBytes(leaf));
  return bytesToHex(primitives.sha256(fields));
}

/**
 * Proves that a set of views names each of its record versions.
 *
 * @param primitives - SHA-256.
 * @param salt - That of the set.
 * @param pairs - Its list.
 */
export function provePairs(
  primitives: Hash,
  salt: View['salt'],
  pairs: readonly ViewPair[],
): readonly PairInSet[] {
  const tree = treeOf(primitives, salt, pairs);
  return pairs.map(({ record, version }, nth) => {
    return { record, version, nth, proof: tree.inclusion(nth).map(bytesToHex) };
  });
}

/**
 * Proves that a set of views names one of its record versions.
 *
 * @param primitives - SHA-256.
 * @param salt - That of the set.
 * @param pairs - Its list, of some the leaf alone.
 * @param nth - Place of the version.
 * @returns RFC 9162 inclusion proof, hashes from the leaf up.
 */
export function provePair(
  primitives: Hash,
  salt: View['salt'],
  pairs: readonly ListedPair[],
  nth: number,
): readonly Bytes32[] {
  return treeOf(primitives, salt, pairs).inclusion(nth).map(bytesToHex);
}

function treeOf(
  primitives: Hash,
  salt: View['salt'],
  pairs: readonly ListedPair[],
): ReturnType<typeof memoryTree> {
  return memoryTree(
    primitives,
    pairs.map((pair) => {
      const leaf = 'leaf' in pair ? pair.leaf : pairLeaf(primitives, salt, pair);
      return leafHash(primitives, hexToBytes(leaf));
    }),
  );
}

/** The view of one record version in an entry. */
export interface ViewInEntry {
  /** The view: of a set as it is judged by itself. */
  readonly request: Signed<'View' | 'KeptView'>;
  readonly message: View | KeptView;
  /** Of a set. */
  readonly leaf?: Bytes32;
}

/**
 * Returns the view of one record version, or of a takeover, in the body of an entry, accepted or refused.
 *
 * @param primitives - SHA-256.
 * @param body - The body.
 * @param pair - The record version, if the entry is of a set; not trusted.
 * @returns Undefined if the entry has no such view, or leaves it out.
 */
export function viewInEntry(
  primitives: Hash,
  body: Pick<Body, 'request' | 'left'>,
  pair: PairInSet | undefined,
): ViewInEntry | undefined {
  return isLeftOut(body, pair) ? undefined : askedInEntry(primitives, body, pair);
}

/**
 * Tells whether a set of views leaves a record version out: nothing of it may be released.
 *
 * @param body - The body of its entry.
 * @param pair - The record version; not trusted.
 */
export function isLeftOut({ left = [] }: Pick<Body, 'left'>, pair: PairInSet | undefined): boolean {
  return pair !== undefined && left.includes(pair.nth);
}

/**
 * Returns the view of one record version that the body of an entry asks for, even if it leaves it out.
 *
 * @param primitives - SHA-256.
 * @param body - The body.
 * @param pair - The record version, if the entry is of a set; not trusted.
 * @returns Undefined if the entry has no such view.
 */
export function askedInEntry(
  primitives: Hash,
  { request }: Pick<Body, 'request'>,
  pair: PairInSet | undefined,
): ViewInEntry | undefined {
  if (request.type !== 'ViewSet') {
    const isReleased =
      (request.type === 'View' || request.type === 'KeptView') &&
      opensByRelease((request.message as View).what);
    if (!isReleased || pair !== undefined) return undefined;
    const view = request as Signed<'View' | 'KeptView'>;
    return { request: view, message: view.message };
  }
  const set = request as Signed<'ViewSet'>;
  const { root, count, salt } = set.message;
  if (pair === undefined) return undefined;
  const leaf = pairLeaf(primitives, salt, pair);
  const isNamed = verifyInclusion(primitives, {
    index: pair.nth,
    size: count,
    leaf: leafHash(primitives, hexToBytes(leaf)),
    proof: pair.proof.map(hexToBytes),
    root: hexToBytes(root),
  });
  const view = viewOfPair(set, pair);
  return isNamed ? { request: view, message: view.message, leaf } : undefined;
}
