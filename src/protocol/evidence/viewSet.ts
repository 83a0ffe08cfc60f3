import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { encodeFields } from '../../crypto/encodeFields.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { readU64, u64 } from '../../crypto/u64.ts';
import { malformed } from '../../errors/malformed.ts';
import type { Bytes32, Hex } from '../ids.ts';
import { listRoot } from '../wire/listRoot.ts';
import type { KeptView, Signed, View, ViewSet, Write } from '../struct/requests.ts';

/** Largest number of record versions that one set names. */
export const MOST_PAIRS = 1024;
/** Largest number of them if the reader's device may open them again. */
export const MOST_KEPT_PAIRS = 64;

/** A record version that a set of views names. */
export type ViewPair = Pick<Write, 'record' | 'version'>;

/** A record version that a set of views names; its leaf alone once it was erased. */
export type ListedPair = ViewPair | { readonly leaf: Bytes32 };

/** Record versions in the order of their leaves, with what the request says of them. */
export interface PairList extends Pick<ViewSet, 'root' | 'count'> {
  readonly pairs: readonly ViewPair[];
}

type Hash = Pick<Primitives, 'sha256'>;

/**
 * Returns the bytes whose SHA-256 is the leaf of a record version: nobody who does not know the record can tell which leaf is
 * its own.
 *
 * @param salt - That of the set.
 * @param pair - The record version.
 */
export function pairBytes(salt: Hex, { record, version }: ViewPair): Uint8Array {
  return encodeFields(hexToBytes(salt), hexToBytes(record), u64(version));
}

/**
 * Returns the record version that bytes of `pairBytes` are of.
 *
 * @param bytes - Known to be such bytes by their leaf.
 */
export function pairIn(bytes: Uint8Array): ViewPair {
  return { record: bytesToHex(bytes.subarray(24, 56)), version: readU64(bytes, 60) };
}

/**
 * Returns the leaf of a record version in a set.
 *
 * @param primitives - SHA-256.
 * @param salt - That of the set.
 * @param pair - The record version.
 */
export function pairLeaf(primitives: Hash, salt: Hex, pair: ViewPair): Bytes32 {
  return bytesToHex(primitives.sha256(pairBytes(salt, pair)));
}

/**
 * Brings record versions into the order in which a set names them.
 *
 * @param primitives - SHA-256.
 * @param salt - That of the set.
 * @param pairs - The record versions, in any order, none twice.
 */
export function listPairs(primitives: Hash, salt: Hex, pairs: readonly ViewPair[]): PairList {
  const leaves = pairs.map(({ record, version }) => {
    const pair = { record, version };
    return { pair, leaf: pairLeaf(primitives, salt, pair) };
  });
  const sorted = leaves.toSorted((one, other) => (one.leaf < other.leaf ? -1 : 1));
  return {
    pairs: sorted.map(({ pair }) => pair),
    root: listRoot(
      primitives,
      sorted.map(({ leaf }) => leaf),
    ),
    count: sorted.length,
  };
}

/**
 * Requires that a list is the one that a set was signed over: as many versions, ascending by their leaves, none twice. One that
 * was erased counts by its leaf.
 *
 * @param primitives - SHA-256.
 * @param set - The set.
 * @param pairs - The list; not trusted.
 * @returns The leaves.
 * @throws MedsealError `REQUEST_MALFORMED`.
 */
export function requirePairs(
  primitives: Hash,
  { root, count, keep, salt }: ViewSet,
  pairs: readonly ListedPair[] | undefined,
): readonly Bytes32[] {
  const most = keep === 0 ? MOST_PAIRS : MOST_KEPT_PAIRS;
  if (count === 0 || count > most) throw malformed('count');
  if (pairs?.length !== count) throw malformed('pairs');
  const leaves = pairs.map((pair) =>
    'leaf' in pair ? pair.leaf : pairLeaf(primitives, salt, pair),
  );
  const isAscending = leaves.every((leaf, i) => i === 0 || (leaves[i - 1] ?? '') < leaf);
  if (!isAscending || listRoot(primitives, leaves) !== root) throw malformed('pairs');
  return leaves;
}

/**
 * Returns the view of one record version in a set, by which it is judged: the set's own signature is not of it.
 *
 * @param request - The set.
 * @param pair - The record version.
 */
export function viewOfPair(
  { message, ...request }: Signed<'ViewSet'>,
  { record, version }: ViewPair,
): Signed<'View' | 'KeptView'> {
  const { root: _root, count: _count, keep, ...asked } = message;
  const view: View = { ...asked, what: 'record', record, version };
  if (keep === 0) return { ...request, type: 'View', message: view };
  const kept: KeptView = { ...view, what: 'record', keep };
  return { ...request, type: 'KeptView', message: kept };
}

/**
 * Returns the text by which record versions of one chart are compared.
 *
 * @param version - The record version.
 */
export function pairName({ record, version }: ViewPair): string {
  return `${record}/${version}`;
}

/**
 * Tells which places of the list of a set were accepted, by the body of its entry.
 *
 * @param body - The body.
 * @returns Tells it of a place.
 */
export function acceptedPlaces({
  flag,
  left,
}: {
  readonly flag: 'A' | 'R';
  readonly left?: readonly number[] | undefined;
}): (place: number) => boolean {
  const out = new Set(left);
  return (place) => flag === 'A' && !out.has(place);
}

/**
 * Returns the record versions of a list whose files the view of a set released.
 *
 * @param pairs - All that were asked for, in their order.
 * @param left - Places of those that were left out.
 */
export function acceptedPairs<Pair>(
  pairs: readonly Pair[],
  left: readonly number[] = [],
): readonly Pair[] {
  const out = new Set(left);
  return pairs.filter((_, place) => !out.has(place));
}
