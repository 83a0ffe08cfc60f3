import type { AccountFields, StateManagerInterface } from '@ethereumjs/common';
import {
  Account,
  bytesToUnprefixedHex,
  createAccountFromRLP,
  unpadBytes,
  unprefixedHexToBytes,
  type Address,
} from '@ethereumjs/util';
import { RLP } from '@ethereumjs/rlp';
import { deleteFromTrie, getFromTrie, putIntoTrie } from '../trie/changeTrie.ts';
import { toNibbles } from '../trie/nibbles.ts';
import { proveTrie } from '../trie/proveTrie.ts';
import { rlpBytes } from '../trie/rlp.ts';
import { EMPTY_ROOT, sealTrie } from '../trie/sealTrie.ts';
import type { TrieNode } from '../trie/TrieNode.ts';
import type { StateSource } from './StateSource.ts';

/** A state with its changes worked into the tries, not yet on disk. */
export interface SealedState {
  /** The state root. */
  readonly root: Uint8Array;
  /** New trie nodes: hash and encoding. */
  readonly nodes: readonly (readonly [Uint8Array, Uint8Array])[];
  /** New code: hash and bytes. */
  readonly codes: readonly (readonly [Uint8Array, Uint8Array])[];
  /** Keeps the new tries in memory; to be called once the nodes are on disk. */
  adopt(): void;
}

/** An account with the trie nodes that prove it, and storage words with theirs. */
export interface StateProof {
  readonly account: Account;
  readonly nodes: readonly Uint8Array[];
  readonly slots: readonly { readonly value: Uint8Array; readonly nodes: readonly Uint8Array[] }[];
}

interface Slots {
  /** True if what the trie holds counts no more. */
  readonly cleared: boolean;
  readonly written: Map<string, Uint8Array>;
}

const NO_BYTES = new Uint8Array();

/**
 * The world state at a root, and the changes made to it since, in memory, with checkpoints that can be taken back:
 * what the EVM runs on. Reading is synchronous underneath, so a call costs no turns of the event loop, and any
 * number of states over the same source can live side by side.
 */
export class LedgerState implements StateManagerInterface {
  readonly #source: StateSource;
  #root: Uint8Array;
  #trie: TrieNode | null;

  /** Changed accounts; undefined if one was deleted. Undone by `#undo`, like the next two. */
  #accounts = new Map<string, Account | undefined>();
  #slots = new Map<string, Slots>();
  #codes = new Map<string, Uint8Array>();
  /** Accounts and slots that were read and not changed. */
  #accountsRead = new Map<string, Account | undefined>();
  #slotsRead = new Map<string, Uint8Array>();

  #undo: (() => void)[] = [];
  #checkpoints: number[] = [];

  constructor(source: StateSource, root: Uint8Array) {
    this.#source = source;
    this.#root = root;
    this.#trie = source.nodes.root(root);
  }

  /** Drops every change and stands at another root. */
  reset(root: Uint8Array): void {
    this.#root = root;
    this.#trie = this.#source.nodes.root(root);
    this.#accounts = new Map();
    this.#slots = new Map();
    this.#codes = new Map();
    this.#accountsRead = new Map();
    this.#slotsRead = new Map();
    this.#undo = [];
    this.#checkpoints = [];
    this.originalStorageCache.clear();
  }

  /** An account as it is now; a copy, for the EVM changes the one that it gets. */
  account(address: Uint8Array): Account | undefined {
    const found = this.#account(bytesToUnprefixedHex(address), address);
    return found && new Account(found.nonce, found.balance, found.storageRoot, found.codeHash);
  }

  /** A storage word without its leading zeros. */
  slot(address: Uint8Array, key: Uint8Array): Uint8Array {
    const at = bytesToUnprefixedHex(address);
    const keyHex = bytesToUnprefixedHex(key);
    const slots = this.#slots.get(at);
    const written = slots?.written.get(keyHex);
    if (written) return written;
    if (slots?.cleared) return NO_BYTES;
    const known = this.#slotsRead.get(at + keyHex);
    if (known) return known;
    const account = this.#account(at, address);
    const value = account ? this.#readSlot(account.storageRoot, key) : NO_BYTES;
    this.#slotsRead.set(at + keyHex, value);
    return value;
  }

  /** The code of an account. */
  code(address: Uint8Array): Uint8Array {
    const account = this.#account(bytesToUnprefixedHex(address), address);
    if (!account?.isContract()) return NO_BYTES;
    return (
      this.#codes.get(bytesToUnprefixedHex(account.codeHash)) ?? this.#source.code(account.codeHash)
    );
  }

  /**
   * Proves an account and some of its storage words against the root, as they were before any change.
   * @param slots - Storage keys, 32 bytes each.
   */
  prove(address: Uint8Array, slots: readonly Uint8Array[]): StateProof {
    const { nodes, hashes } = this.#source;
    const path = toNibbles(hashes.keccak256(address));
    const encoded = getFromTrie(this.#trie, path, nodes.load);
    const account = encoded ? createAccountFromRLP(encoded) : new Account();
    const root = nodes.root(account.storageRoot);
    return {
      account,
      nodes: proveTrie(this.#trie, path, nodes.load),
      slots: slots.map((key) => ({
        value: this.#readSlot(account.storageRoot, key),
        nodes: proveTrie(root, toNibbles(hashes.keccak256(key)), nodes.load),
      })),
    };
  }

  /** Works the changes into the tries. The state itself stays as it is. */
  seal(): SealedState {
    const { nodes: source, hashes } = this.#source;
    const nodes: (readonly [Uint8Array, Uint8Array])[] = [];
    const adoptions: (() => void)[] = [];
    const seal = (trie: TrieNode | null, before: Uint8Array): Uint8Array => {
      const first = nodes.length;
      const root = sealTrie(trie, hashes, (hash, encoded) => nodes.push([hash, encoded]));
      const added = nodes.length - first;
      adoptions.push(() => source.adopt(root, trie, before, added));
      return root;
    };

    let trie = this.#trie;
    for (const at of new Set([...this.#accounts.keys(), ...this.#slots.keys()])) {
      const address = unprefixedHexToBytes(at);
      const path = toNibbles(hashes.keccak256(address));
      const account = this.account(address);
      if (account === undefined) {
        trie = deleteFromTrie(trie, path, source.load);
        continue;
      }
      const slots = this.#slots.get(at);
      if (slots) {
        const before = slots.cleared ? EMPTY_ROOT : account.storageRoot;
        account.storageRoot = seal(this.#applySlots(source.root(before), slots), before);
      }
      trie = putIntoTrie(trie, path, account.serialize(), source.load);
    }
    const root = seal(trie, this.#root);
    const codes = [...this.#codes].map(
      ([hash, code]) => [unprefixedHexToBytes(hash), code] as const,
    );
    return { root, nodes, codes, adopt: () => adoptions.forEach((adopt) => adopt()) };
  }

  #applySlots(root: TrieNode | null, slots: Slots): TrieNode | null {
    const { nodes, hashes } = this.#source;
    let trie = root;
    for (const [key, value] of slots.written) {
      const path = toNibbles(hashes.keccak256(unprefixedHexToBytes(key)));
      trie =
        value.length === 0
          ? deleteFromTrie(trie, path, nodes.load)
          : putIntoTrie(trie, path, rlpBytes(value), nodes.load);
    }
    return trie;
  }

  #account(at: string, address: Uint8Array): Account | undefined {
    if (this.#accounts.has(at)) return this.#accounts.get(at);
    if (this.#accountsRead.has(at)) return this.#accountsRead.get(at);
    const { nodes, hashes } = this.#source;
    const encoded = getFromTrie(this.#trie, toNibbles(hashes.keccak256(address)), nodes.load);
    const account = encoded && createAccountFromRLP(encoded);
    this.#accountsRead.set(at, account);
    return account;
  }

  #readSlot(storageRoot: Uint8Array, key: Uint8Array): Uint8Array {
    const { nodes, hashes } = this.#source;
    const root = nodes.root(storageRoot);
    if (root === null) return NO_BYTES;
    const encoded = getFromTrie(root, toNibbles(hashes.keccak256(key)), nodes.load);
    return encoded ? (RLP.decode(encoded) as Uint8Array) : NO_BYTES;
  }

  #change<Value>(map: Map<string, Value>, key: string, value: Value): void {
    const had = map.has(key);
    const before = map.get(key);
    this.#undo.push(() => {
      if (had) map.set(key, before as Value);
      else map.delete(key);
    });
    map.set(key, value);
  }

  // The rest is the interface that the EVM asks for.

  async getAccount(address: Address): Promise<Account | undefined> {
    return this.account(address.bytes);
  }

  async putAccount(address: Address, account?: Account): Promise<void> {
    const kept =
      account && new Account(account.nonce, account.balance, account.storageRoot, account.codeHash);
    this.#change(this.#accounts, bytesToUnprefixedHex(address.bytes), kept);
  }

  async deleteAccount(address: Address): Promise<void> {
    // An account that never was need not be deleted; most that the EVM deletes are such.
    if (this.account(address.bytes) === undefined) return;
    await this.putAccount(address, undefined);
    await this.clearStorage(address);
  }

  async modifyAccountFields(address: Address, fields: AccountFields): Promise<void> {
    const account = this.account(address.bytes) ?? new Account();
    account.nonce = fields.nonce ?? account.nonce;
    account.balance = fields.balance ?? account.balance;
    account.storageRoot = fields.storageRoot ?? account.storageRoot;
    account.codeHash = fields.codeHash ?? account.codeHash;
    await this.putAccount(address, account);
  }

  async putCode(address: Address, value: Uint8Array): Promise<void> {
    const codeHash = this.#source.hashes.keccak256(value);
    if (value.length > 0) this.#change(this.#codes, bytesToUnprefixedHex(codeHash), value);
    await this.modifyAccountFields(address, { codeHash });
  }

  async getCode(address: Address): Promise<Uint8Array> {
    return this.code(address.bytes);
  }

  async getCodeSize(address: Address): Promise<number> {
    return this.code(address.bytes).length;
  }

  async getStorage(address: Address, key: Uint8Array): Promise<Uint8Array> {
    return this.slot(address.bytes, key);
  }

  async putStorage(address: Address, key: Uint8Array, value: Uint8Array): Promise<void> {
    const at = bytesToUnprefixedHex(address.bytes);
    let slots = this.#slots.get(at);
    if (slots === undefined) {
      slots = { cleared: false, written: new Map() };
      this.#change(this.#slots, at, slots);
    }
    this.#change(slots.written, bytesToUnprefixedHex(key), unpadBytes(value));
  }

  async clearStorage(address: Address): Promise<void> {
    const slots: Slots = { cleared: true, written: new Map() };
    this.#change(this.#slots, bytesToUnprefixedHex(address.bytes), slots);
  }

  async checkpoint(): Promise<void> {
    this.#checkpoints.push(this.#undo.length);
  }

  async commit(): Promise<void> {
    this.#checkpoints.pop();
    if (this.#checkpoints.length === 0) this.#undo = [];
  }

  async revert(): Promise<void> {
    const height = this.#checkpoints.pop() ?? 0;
    for (const undo of this.#undo.splice(height).reverse()) undo();
  }

  async getStateRoot(): Promise<Uint8Array> {
    return this.seal().root;
  }

  async setStateRoot(root: Uint8Array): Promise<void> {
    this.reset(root);
  }

  async hasStateRoot(root: Uint8Array): Promise<boolean> {
    try {
      this.#source.nodes.root(root);
      return true;
    } catch {
      return false;
    }
  }

  /** A storage word as it was when the transaction began (EIP-2200). */
  readonly originalStorageCache: StateManagerInterface['originalStorageCache'] = (() => {
    const seen = new Map<string, Uint8Array>();
    return {
      get: async (address: Address, key: Uint8Array) => {
        const at = bytesToUnprefixedHex(address.bytes) + bytesToUnprefixedHex(key);
        let value = seen.get(at);
        if (value === undefined) {
          value = this.slot(address.bytes, key);
          seen.set(at, value);
        }
        return value;
      },
      clear: () => seen.clear(),
    };
  })();

  clearCaches(): void {
    this.reset(this.#root);
  }

  shallowCopy(): LedgerState {
    return new LedgerState(this.#source, this.#root);
  }
}
