import { RLP } from '@ethereumjs/rlp';
import { packPath, unpackPath } from './nibbles.ts';
import { RLP_EMPTY, rlpBytes, rlpList } from './rlp.ts';

/**
 * A node of a Merkle Patricia trie (Yellow Paper, appendix D). A node that has a reference is sealed and never
 * changes again; one without is new in the change at hand. No key is a prefix of another (hashed keys, and RLP
 * indexes), so branches hold no values.
 */
export type TrieNode = Leaf | Extension | Branch;

/** A child in a node's slot: the node, the hash of one that was not loaded, or nothing. */
export type Child = TrieNode | Uint8Array | null;

interface Sealable {
  /** Reference by which a parent names this node: a hash (32 bytes), or the node itself if its encoding is shorter. */
  ref: Uint8Array | undefined;
}

export interface Leaf extends Sealable {
  readonly kind: 'leaf';
  readonly path: Uint8Array;
  readonly value: Uint8Array;
}

export interface Extension extends Sealable {
  readonly kind: 'extension';
  readonly path: Uint8Array;
  child: TrieNode | Uint8Array;
}

export interface Branch extends Sealable {
  readonly kind: 'branch';
  /** Sixteen slots. */
  readonly children: Child[];
}

/**
 * A node's encoding; its children are sealed.
 * @returns RLP.
 */
export function encodeNode(node: TrieNode): Uint8Array {
  if (node.kind === 'branch') return rlpList([...node.children.map(encodeChild), RLP_EMPTY]);
  const end = node.kind === 'leaf' ? rlpBytes(node.value) : encodeChild(node.child);
  return rlpList([rlpBytes(packPath(node.path, node.kind === 'leaf')), end]);
}

function encodeChild(child: Child): Uint8Array {
  if (child === null) return RLP_EMPTY;
  const ref = child instanceof Uint8Array ? child : child.ref;
  if (ref === undefined) throw new Error('A child was not sealed before its parent.');
  return ref.length === 32 ? rlpBytes(ref) : ref;
}

/**
 * Reads a node, sealed.
 * @param encoded - RLP, as it was stored under `hash`.
 * @param hash - Reference by which its parent names it.
 */
export function decodeNode(encoded: Uint8Array, hash: Uint8Array): TrieNode {
  return fromItem(RLP.decode(encoded) as Item[], hash);
}

type Item = Uint8Array | Item[];

function fromItem(item: Item[], ref: Uint8Array): TrieNode {
  if (item.length === 17) {
    return { kind: 'branch', ref, children: item.slice(0, 16).map(childOf) };
  }
  const [packed, second] = item;
  if (!(packed instanceof Uint8Array) || second === undefined) throw new Error('Not a trie node.');
  const { path, leaf } = unpackPath(packed);
  if (leaf) return { kind: 'leaf', ref, path, value: second as Uint8Array };
  const child = childOf(second);
  if (child === null) throw new Error('Not a trie node.');
  return { kind: 'extension', ref, path, child };
}

function childOf(item: Item): Child {
  if (item instanceof Uint8Array) return item.length === 0 ? null : item;
  return fromItem(item, RLP.encode(item));
}
