import assert from 'node:assert/strict';
import { it } from 'node:test';
import { encodeNode, type TrieNode } from '../trie/TrieNode.ts';
import { TrieNodes } from './TrieNodes.ts';

function hash(of: number): Uint8Array {
  return new Uint8Array(32).fill(of);
}

it('nodes of a trie stay in memory until there are 32,768, and are then read again', () => {
  const leaf: TrieNode = {
    kind: 'leaf',
    ref: hash(1),
    path: Uint8Array.of(1, 2, 3),
    value: new Uint8Array(32).fill(7),
  };
  const read: number[] = [];
  const nodes = new TrieNodes((of) => {
    read.push(of[0] ?? 0);
    return encodeNode(leaf);
  });
  nodes.adopt(hash(1), leaf, hash(0), 32_768);
  assert.equal(nodes.root(hash(1)), leaf);
  assert.deepEqual(read, []);
  nodes.adopt(hash(2), leaf, hash(1), 1);
  assert.deepEqual(nodes.root(hash(2)), { ...leaf, ref: hash(2) });
  assert.deepEqual(read, [2]);
});
