import { bytesToHex } from '../../crypto/bytes.ts';
import type { LedgerStore } from '../store/LedgerStore.ts';
import type { Keccak } from '../trie/Keccak.ts';
import { TrieNodes } from './TrieNodes.ts';

/** So many contracts' code stay in memory; a ledger of ours has a handful. */
const MAX_CODES = 64;

/** The source that every state, present or past, is read from. */
export class StateSource {
  readonly nodes: TrieNodes;
  readonly hashes: Keccak;
  readonly #store: Pick<LedgerStore, 'code'>;
  readonly #codes = new Map<string, Uint8Array>();

  constructor(store: Pick<LedgerStore, 'node' | 'code'>, hashes: Keccak) {
    this.#store = store;
    this.hashes = hashes;
    this.nodes = new TrieNodes((hash) => store.node(hash));
  }

  /** A contract's code by its hash; empty if it is not known. */
  code(hash: Uint8Array): Uint8Array {
    const key = bytesToHex(hash);
    const known = this.#codes.get(key);
    if (known) return known;
    const code = this.#store.code(hash) ?? new Uint8Array();
    if (this.#codes.size >= MAX_CODES) this.#codes.clear();
    if (code.length > 0) this.#codes.set(key, code);
    return code;
  }
}
