import { hexToBytes } from '../../crypto/bytes.ts';
import type { Keccak } from './Keccak.ts';
import { encodeNode, type TrieNode } from './TrieNode.ts';

/** Takes each node that was sealed: its hash (32 bytes) and its encoding. */
export type NodeSink = (hash: Uint8Array, encoded: Uint8Array) => void;

/**
 * Seals every new node of a trie: hashes it, hands it to the sink, and from then on it never changes.
 *
 * @param root - The trie's root; null for the empty trie.
 * @param hashes - Keccak-256.
 * @returns The root hash, 32 bytes.
 */
export function sealTrie(root: TrieNode | null, hashes: Keccak, sink: NodeSink): Uint8Array {
  if (root === null) return EMPTY_ROOT;
  const ref = seal(root, hashes, sink);
  if (ref.length === 32) return ref;
  // A root is always stored under its hash, however short it is.
  const hash = hashes.keccak256(ref);
  sink(hash, ref);
  return hash;
}

/** Keccak-256 of the empty byte string in RLP: the root of the empty trie. */
export const EMPTY_ROOT: Uint8Array = hexToBytes(
  '0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421',
);

function seal(node: TrieNode, hashes: Keccak, sink: NodeSink): Uint8Array {
  if (node.ref !== undefined) return node.ref;
  if (node.kind === 'branch') {
    for (const child of node.children) {
      if (child !== null && !(child instanceof Uint8Array)) seal(child, hashes, sink);
    }
  } else if (node.kind === 'extension' && !(node.child instanceof Uint8Array)) {
    seal(node.child, hashes, sink);
  }
  const encoded = encodeNode(node);
  if (encoded.length < 32) {
    node.ref = encoded;
  } else {
    node.ref = hashes.keccak256(encoded);
    sink(node.ref, encoded);
  }
  return node.ref;
}
