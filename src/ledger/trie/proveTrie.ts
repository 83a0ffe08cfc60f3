import type { LoadNode } from './changeTrie.ts';
import { sharedPrefix } from './nibbles.ts';
import { encodeNode, type TrieNode } from './TrieNode.ts';

/**
 * The nodes between the root and a path's value, or the place where it would be (EIP-1186): what convinces someone
 * who knows the root hash alone.
 *
 * @param root - The trie's root, sealed; null for the empty trie.
 * @param path - Nibbles of the whole key.
 * @returns Each node's encoding, from the root on. A node that its parent holds whole is not listed.
 */
export function proveTrie(root: TrieNode | null, path: Uint8Array, load: LoadNode): Uint8Array[] {
  const proof: Uint8Array[] = [];
  let node = root;
  let at = 0;
  while (node !== null) {
    if (node === root || node.ref?.length === 32) proof.push(encodeNode(node));
    if (node.kind === 'leaf') break;
    const child = node.kind === 'branch' ? node.children[path[at] ?? 0] : node.child;
    const length = node.kind === 'branch' ? 1 : node.path.length;
    if (node.kind === 'extension' && sharedPrefix(node.path, path, at) < length) break;
    node = child instanceof Uint8Array ? load(child) : (child ?? null);
    at += length;
  }
  return proof;
}
