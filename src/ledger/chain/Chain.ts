import type { Common } from '@ethereumjs/common';
import { MedsealError } from '../../errors/MedsealError.ts';
import { equalBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { LedgerState } from '../state/LedgerState.ts';
import { StateSource } from '../state/StateSource.ts';
import type { LedgerDatabase } from '../store/LedgerDatabase.ts';
import type { StoredReceipt } from '../store/StoredReceipt.ts';
import { LedgerStore } from '../store/LedgerStore.ts';
import type { Keccak } from '../trie/Keccak.ts';
import { createCommon } from './createCommon.ts';
import { genesisHeader, type Genesis } from './genesis.ts';
import {
  decodeBlock,
  decodeHeader,
  encodeBlock,
  encodeHeader,
  headerPart,
  type Header,
  type StoredBlock,
} from './Header.ts';
import { keepNewest } from '../../crypto/keepNewest.ts';

/** First bytes of a ledger's database, before the hash of its block 0. */
export const CHAIN_FORMAT = utf8ToBytes('medseal-ledger/1');

/** A block that is known by its number and hash. */
export interface Head {
  readonly hash: Uint8Array;
  readonly header: Header;
}

/** A block with all that belongs to it. */
export interface WholeBlock extends StoredBlock {
  readonly hash: Uint8Array;
  readonly receipts: readonly StoredReceipt[];
}

/** So many blocks are kept decoded: several senders ask for their receipts of one. */
const RECENT = 8;
/** So many hashes of blocks are kept: as many as BLOCKHASH gives, which costs next to no gas. */
const RECENT_HASHES = 256;

/** The blocks on disk, the last of them, and the states that they lead to. */
export class Chain {
  readonly chainId: number;
  readonly common: Common;
  readonly primitives: Primitives;
  readonly store: LedgerStore;
  readonly source: StateSource;
  readonly genesisHash: Uint8Array;
  #head: Head;
  readonly #recent = new Map<number, WholeBlock>();
  readonly #hashes = new Map<number, Uint8Array>();

  private constructor(
    chainId: number,
    primitives: Primitives,
    store: LedgerStore,
    genesisHash: Uint8Array,
    head: Head,
  ) {
    this.chainId = chainId;
    this.primitives = primitives;
    this.common = createCommon(chainId, primitives);
    this.store = store;
    this.source = new StateSource(store, primitives);
    this.genesisHash = genesisHash;
    this.#head = head;
  }

  /**
   * Opens the chain in a database, or begins it there.
   * @throws MedsealError `LEDGER_OTHER` if the database holds one of another chain id or genesis.
   */
  static async open(
    database: LedgerDatabase,
    chainId: number,
    genesis: Genesis,
    primitives: Primitives,
  ): Promise<Chain> {
    await database.open();
    const store = new LedgerStore(database);
    const header = genesisHeader(chainId, genesis, primitives);
    const encoded = encodeHeader(header);
    const genesisHash = primitives.keccak256(encoded);
    const identity = Uint8Array.of(...CHAIN_FORMAT, ...genesisHash);

    const found = store.identity();
    // A database that has blocks but does not say whose is not begun again.
    if (found === undefined && store.headNumber() === undefined) {
      await store.write(
        {
          number: 0,
          hash: genesisHash,
          block: encodeBlock(encoded, []),
          transactions: [],
          receipts: [],
          nodes: [],
          codes: [],
        },
        identity,
      );
    } else if (found === undefined || !equalBytes(found, identity)) {
      throw new MedsealError('LEDGER_OTHER', {});
    }
    const head = readHead(lastBlock(store), primitives);
    return new Chain(chainId, primitives, store, genesisHash, head);
  }

  /** The last whole block. */
  get head(): Head {
    return this.#head;
  }

  /** Makes a block that was written the last one. */
  advance(head: Head): void {
    this.#head = head;
  }

  /** A block's header and hash; undefined beyond the last. */
  headerAt(number: number): Head | undefined {
    if (number === this.#head.header.number) return this.#head;
    const bytes = number < this.#head.header.number ? this.store.block(number) : undefined;
    return bytes && readHead(bytes, this.primitives);
  }

  /** A block with its transactions and receipts; undefined beyond the last. */
  block(number: number): WholeBlock | undefined {
    const known = this.#recent.get(number);
    if (known) return known;
    const head = this.headerAt(number);
    const bytes = this.store.block(number);
    const receipts = this.store.receipts(number);
    if (head === undefined || bytes === undefined || receipts === undefined) return undefined;
    const block = { ...decodeBlock(bytes), hash: head.hash, receipts };
    this.#recent.set(number, block);
    keepNewest(this.#recent, RECENT);
    return block;
  }

  /** A block's hash; 32 zero bytes if there is no such block. */
  hashOf(number: number): Uint8Array {
    const known = this.#hashes.get(number);
    if (known !== undefined) return known;
    const head = this.headerAt(number);
    if (head === undefined) return new Uint8Array(32);
    this.#hashes.set(number, head.hash);
    keepNewest(this.#hashes, RECENT_HASHES);
    return head.hash;
  }

  /** The state that a block leads to. */
  stateAt(header: Header): LedgerState {
    return new LedgerState(this.source, header.stateRoot);
  }
}

function readHead(block: Uint8Array, hashes: Keccak): Head {
  const part = headerPart(block);
  return { header: decodeHeader(part), hash: hashes.keccak256(part) };
}

function lastBlock(store: LedgerStore): Uint8Array {
  const number = store.headNumber();
  const block = number === undefined ? undefined : store.block(number);
  if (block !== undefined) return block;
  throw new MedsealError('INTERNAL', {}, { cause: new Error('The last block is not there.') });
}
