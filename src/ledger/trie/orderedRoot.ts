import { putIntoTrie } from './changeTrie.ts';
import type { Keccak } from './Keccak.ts';
import { toNibbles } from './nibbles.ts';
import { rlpNumber } from './rlp.ts';
import { sealTrie } from './sealTrie.ts';
import type { TrieNode } from './TrieNode.ts';

/**
 * The root of the trie of a list, as a header holds it for a block's transactions and receipts: keys are the
 * indexes in RLP (Yellow Paper §4.3.2).
 *
 * @param items - Each encoded.
 * @returns 32 bytes.
 */
export function orderedRoot(items: readonly Uint8Array[], hashes: Keccak): Uint8Array {
  let root: TrieNode | null = null;
  for (const [index, item] of items.entries()) {
    root = putIntoTrie(root, toNibbles(rlpNumber(index)), item, neverLoaded);
  }
  return sealTrie(root, hashes, () => {});
}

function neverLoaded(): TrieNode {
  throw new Error('A trie in memory has nothing to load.');
}
