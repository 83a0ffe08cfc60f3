import { sharedPrefix } from './nibbles.ts';
import type { Branch, Child, Leaf, TrieNode } from './TrieNode.ts';

/** Loads a sealed node by its hash. */
export type LoadNode = (hash: Uint8Array) => TrieNode;

/**
 * The value at a path, or undefined.
 * @param root - The trie's root; null for the empty trie.
 * @param path - Nibbles of the whole key.
 */
export function getFromTrie(
  root: TrieNode | null,
  path: Uint8Array,
  load: LoadNode,
): Uint8Array | undefined {
  let node = root;
  let at = 0;
  while (node !== null) {
    if (node.kind === 'branch') {
      node = childAt(node, path[at] ?? 0, load);
      at += 1;
      continue;
    }
    const { length } = node.path;
    if (sharedPrefix(node.path, path, at) < length) return undefined;
    if (node.kind === 'leaf') return at + length === path.length ? node.value : undefined;
    if (node.child instanceof Uint8Array) node.child = load(node.child);
    node = node.child;
    at += length;
  }
  return undefined;
}

/**
 * Sets the value at a path. Sealed nodes stay as they are; the answer shares what did not change.
 * @param value - Not empty.
 * @returns The new root.
 */
export function putIntoTrie(
  node: TrieNode | null,
  path: Uint8Array,
  value: Uint8Array,
  load: LoadNode,
  at = 0,
): TrieNode {
  if (node === null) return leaf(path.slice(at), value);
  if (node.kind === 'branch') {
    const nibble = path[at] ?? 0;
    const before = childAt(node, nibble, load);
    const after = putIntoTrie(before, path, value, load, at + 1);
    return after === before ? node : withChild(node, nibble, after);
  }
  const shared = sharedPrefix(node.path, path, at);
  if (shared === node.path.length) {
    if (node.kind === 'leaf') return equal(node.value, value) ? node : leaf(node.path, value);
    const before = loaded(node.child, load);
    const after = putIntoTrie(before, path, value, load, at + shared);
    return after === before ? node : { ...node, ref: undefined, child: after };
  }
  const children = emptySlots();
  children[node.path[shared] ?? 0] = shortened(node, shared + 1);
  children[path[at + shared] ?? 0] = leaf(path.slice(at + shared + 1), value);
  return extended(node.path.slice(0, shared), { kind: 'branch', ref: undefined, children });
}

/**
 * Removes the value at a path, if there is one.
 * @returns The new root; null if nothing is left.
 */
export function deleteFromTrie(
  node: TrieNode | null,
  path: Uint8Array,
  load: LoadNode,
  at = 0,
): TrieNode | null {
  if (node === null) return null;
  if (node.kind === 'branch') {
    const nibble = path[at] ?? 0;
    const before = childAt(node, nibble, load);
    const after = deleteFromTrie(before, path, load, at + 1);
    return after === before ? node : collapsed(withChild(node, nibble, after), load);
  }
  if (sharedPrefix(node.path, path, at) < node.path.length) return node;
  if (node.kind === 'leaf') return at + node.path.length === path.length ? null : node;
  const before = loaded(node.child, load);
  const after = deleteFromTrie(before, path, load, at + node.path.length);
  if (after === before || after === null) return after === null ? null : node;
  return extended(node.path, after);
}

/** A branch that kept only one child becomes that child, with the nibble before it. */
function collapsed(branch: Branch, load: LoadNode): TrieNode {
  let only = -1;
  for (let nibble = 0; nibble < 16; nibble++) {
    if (branch.children[nibble] === null) continue;
    if (only >= 0) return branch;
    only = nibble;
  }
  const child = childAt(branch, only, load);
  if (child === null) throw new Error('A branch of the trie was empty.');
  return extended(Uint8Array.of(only), child);
}

/** The node that is reached after `path`, then `node`. */
function extended(path: Uint8Array, node: TrieNode): TrieNode {
  if (path.length === 0) return node;
  if (node.kind === 'branch') return { kind: 'extension', ref: undefined, path, child: node };
  const whole = new Uint8Array(path.length + node.path.length);
  whole.set(path);
  whole.set(node.path, path.length);
  return { ...node, ref: undefined, path: whole };
}

/** Returns what remains of a leaf or an extension after its first nibbles. */
function shortened(node: Exclude<TrieNode, Branch>, from: number): Child {
  const path = node.path.slice(from);
  if (node.kind === 'extension' && path.length === 0) return node.child;
  return { ...node, ref: undefined, path };
}

function withChild(branch: Branch, nibble: number, child: Child): Branch {
  // A branch without a reference belongs to the change at hand, and nobody else holds it.
  const target: Branch =
    branch.ref === undefined
      ? branch
      : { kind: 'branch', ref: undefined, children: branch.children.slice() };
  target.children[nibble] = child;
  return target;
}

function childAt(branch: Branch, nibble: number, load: LoadNode): TrieNode | null {
  const child = branch.children[nibble] ?? null;
  if (!(child instanceof Uint8Array)) return child;
  // To keep what was loaded changes nothing that the branch stands for.
  const node = load(child);
  branch.children[nibble] = node;
  return node;
}

function loaded(child: TrieNode | Uint8Array, load: LoadNode): TrieNode {
  return child instanceof Uint8Array ? load(child) : child;
}

function leaf(path: Uint8Array, value: Uint8Array): Leaf {
  return { kind: 'leaf', ref: undefined, path, value };
}

function emptySlots(): Child[] {
  return Array.from({ length: 16 }, () => null);
}

function equal(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
