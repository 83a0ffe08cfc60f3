import { MedsealError } from '../../errors/MedsealError.ts';
import { bytesToHex, equalBytes } from '../../crypto/bytes.ts';
import { EMPTY_ROOT } from '../trie/sealTrie.ts';
import { decodeNode, type TrieNode } from '../trie/TrieNode.ts';

/** So many nodes stay in memory at most, 1 kB each; beyond, everything is read again as it is needed. */
const MAX_RESIDENT = 32_768;

/** The sealed trie nodes: on disk all of them, in memory those of the roots that were used of late. */
export class TrieNodes {
  readonly #read: (hash: Uint8Array) => Uint8Array | undefined;
  readonly #roots = new Map<string, TrieNode>();
  #resident = 0;

  /** @param read - A node's encoding by its hash. */
  constructor(read: (hash: Uint8Array) => Uint8Array | undefined) {
    this.#read = read;
  }

  /**
   * The trie with a root hash; null for the empty trie.
   * @throws MedsealError `INTERNAL` if the database lacks it.
   */
  root(hash: Uint8Array): TrieNode | null {
    if (equalBytes(hash, EMPTY_ROOT)) return null;
    const key = bytesToHex(hash);
    const known = this.#roots.get(key);
    if (known) return known;
    if (this.#resident > MAX_RESIDENT) this.#forget();
    const node = this.load(hash);
    this.#roots.set(key, node);
    return node;
  }

  /** Reads a node by its hash. */
  readonly load = (hash: Uint8Array): TrieNode => {
    const encoded = this.#read(hash);
    if (encoded === undefined) {
      const cause = new Error(`The database lacks trie node ${bytesToHex(hash)}.`);
      throw new MedsealError('INTERNAL', {}, { cause });
    }
    this.#resident += 1;
    return decodeNode(encoded, hash);
  };

  /**
   * Keeps a new trie at hand, once its nodes are on disk.
   * @param before - The root that it follows, which is let go.
   * @param added - Number of its nodes that `before` does not have.
   */
  adopt(hash: Uint8Array, node: TrieNode | null, before: Uint8Array, added: number): void {
    this.#roots.delete(bytesToHex(before));
    this.#resident += added;
    if (this.#resident > MAX_RESIDENT) this.#forget();
    else if (node !== null) this.#roots.set(bytesToHex(hash), node);
  }

  #forget(): void {
    this.#roots.clear();
    this.#resident = 0;
  }
}
