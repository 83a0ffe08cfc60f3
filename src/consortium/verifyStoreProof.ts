import { concatBytes, equalBytes } from '../crypto/bytes.ts';
import type { Sha256 } from '../crypto/merkle/Sha256.ts';
import { varint } from './encodeProto.ts';
import type { ExistenceProof, ProofStep, StoreProof } from './StoreProof.ts';

/** The two kinds of trees: one store's (IAVL), and the one over the roots of all stores (as RFC 6962). */
export type TreeKind = 'iavl' | 'simple';

/** The value that a proof shows under a key, or null if it shows that the key has no value. Undefined if it shows nothing. */
export type Proven = Uint8Array | null | undefined;

/** The most steps from a leaf to the root. */
const DEEPEST = 128;
/** Length of a hash in an IAVL node, and the byte that says it. */
const HASH = 32;

/**
 * Tells what a proof shows about a key (ICS-23, by the rules for IAVL and for CometBFT's trees).
 *
 * @param primitives - SHA-256.
 * @param kind - The kind of tree.
 * @param root - Its root, 32 bytes.
 * @param key - The key that was asked for.
 * @param proof - The answer, which may be a lie.
 */
export function verifyStoreProof(
  primitives: Sha256,
  kind: TreeKind,
  root: Uint8Array,
  key: Uint8Array,
  proof: StoreProof,
): Proven {
  const isSound = (found: ExistenceProof): boolean => {
    const calculated = rootOfProof(primitives, kind, found);
    return calculated !== undefined && equalBytes(calculated, root);
  };
  if ('exists' in proof) {
    const { exists } = proof;
    return equalBytes(exists.key, key) && isSound(exists) ? exists.value : undefined;
  }
  const { left, right } = proof;
  if (left === undefined && right === undefined) return undefined;
  if (left !== undefined && (compare(left.key, key) >= 0 || !isSound(left))) return undefined;
  if (right !== undefined && (compare(key, right.key) >= 0 || !isSound(right))) return undefined;
  return areNeighbours(kind, left?.path, right?.path) ? null : undefined;
}

/** The root that a proof leads to; undefined if a leaf or a step is not of the tree's form. */
function rootOfProof(
  primitives: Sha256,
  kind: TreeKind,
  { key, value, leafPrefix, path }: ExistenceProof,
): Uint8Array | undefined {
  if (key.length === 0 || value.length === 0 || path.length > DEEPEST) return undefined;
  if (!isLeafPrefix(kind, leafPrefix)) return undefined;
  const hashed = primitives.sha256(value);
  let hash = primitives.sha256(
    concatBytes(leafPrefix, varint(key.length), key, varint(hashed.length), hashed),
  );
  for (const [index, step] of path.entries()) {
    if (sideOf(kind, step, index + 1) === undefined) return undefined;
    hash = primitives.sha256(concatBytes(step.prefix, hash, step.suffix));
  }
  return hash;
}

function isLeafPrefix(kind: TreeKind, prefix: Uint8Array): boolean {
  if (kind === 'simple') return prefix.length === 1 && prefix[0] === 0;
  const numbers = readNumbers(prefix);
  return numbers?.length === prefix.length && prefix[0] === 0;
}

/**
 * The side that the proven node has in a step; undefined if the step is not of the tree's form. The lowest height that
 * the step may have is one more than the step below has at least, so that no inner node passes as a leaf.
 */
function sideOf(
  kind: TreeKind,
  { prefix, suffix }: ProofStep,
  lowest: number,
): 'left' | 'right' | undefined {
  if (kind === 'simple') {
    if (prefix[0] !== 1) return undefined;
    if (prefix.length === 1 && suffix.length === HASH) return 'left';
    return prefix.length === 1 + HASH && suffix.length === 0 ? 'right' : undefined;
  }
  const numbers = readNumbers(prefix);
  if (numbers === undefined || numbers.height < lowest) return undefined;
  const rest = prefix.subarray(numbers.length);
  if (rest[0] !== HASH) return undefined;
  if (rest.length === 1) {
    return suffix.length === 1 + HASH && suffix[0] === HASH ? 'left' : undefined;
  }
  if (rest.length !== 2 + HASH || rest[1 + HASH] !== HASH) return undefined;
  return suffix.length === 0 ? 'right' : undefined;
}

/** Height, size and version, with which a node of an IAVL tree begins: signed varints, none negative. */
function readNumbers(prefix: Uint8Array): { height: number; length: number } | undefined {
  let offset = 0;
  const read = (): number | undefined => {
    let value = 0n;
    for (let shift = 0n; shift < 63n; shift += 7n) {
      const byte = prefix[offset++];
      if (byte === undefined) return undefined;
      value |= BigInt(byte & 0x7f) << shift;
      // The lowest bit is the sign.
      if (byte < 0x80) return value % 2n === 0n ? Number(value / 2n) : undefined;
    }
    return undefined;
  };
  const [height, size, version] = [read(), read(), read()];
  if (height === undefined || size === undefined || version === undefined) return undefined;
  return { height, length: offset };
}

/** Tells whether no leaf stands between two; an absent one is the tree's edge. */
function areNeighbours(
  kind: TreeKind,
  left: readonly ProofStep[] | undefined,
  right: readonly ProofStep[] | undefined,
): boolean {
  const all = (path: readonly ProofStep[], side: 'left' | 'right'): boolean =>
    path.every((step, index) => sideOf(kind, step, index + 1) === side);
  if (left === undefined) return right !== undefined && all(right, 'left');
  if (right === undefined) return all(left, 'right');
  let shared = 0;
  while (isSameStep(left.at(-1 - shared), right.at(-1 - shared))) shared++;
  const [forkLeft, forkRight] = [left.length - 1 - shared, right.length - 1 - shared];
  const [stepLeft, stepRight] = [left[forkLeft], right[forkRight]];
  if (stepLeft === undefined || stepRight === undefined) return false;
  return (
    sideOf(kind, stepLeft, 1) === 'left' &&
    sideOf(kind, stepRight, 1) === 'right' &&
    all(left.slice(0, forkLeft), 'right') &&
    all(right.slice(0, forkRight), 'left')
  );
}

function isSameStep(left: ProofStep | undefined, right: ProofStep | undefined): boolean {
  if (left === undefined || right === undefined) return false;
  return equalBytes(left.prefix, right.prefix) && equalBytes(left.suffix, right.suffix);
}

function compare(left: Uint8Array, right: Uint8Array): number {
  const shorter = Math.min(left.length, right.length);
  for (let i = 0; i < shorter; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
