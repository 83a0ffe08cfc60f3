import type { Common } from '@ethereumjs/common';
import { MedsealError } from '../../errors/MedsealError.ts';
import { equalBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { LedgerState } from '../state/LedgerState.ts';
import { StateSource } from '../state/StateSource.ts';
import type { LedgerDatabase } from '../store/LedgerDatabase.ts';
import { LedgerStore } from '../store/LedgerStore.ts';
import type { Keccak } from '../trie/Keccak.ts';
import { createCommon } from './createCommon.ts';
import { genesisHeader, type Genesis } from './genesis.ts';
import { decodeBlock, encodeBlock, encodeHeader, type Header, type StoredBlock } from './Header.ts';

/** The format of the database, and with it the genesis hash. */
const FORMAT = utf8ToBytes('medseal-ledger/1');

/** A block that is known by its number and hash. */
export interface Head {
  readonly hash: Uint8Array;
  readonly header: Header;
}

/** The blocks on disk, the last of them, and the states that they lead to. */
export class Chain {
  readonly chainId: number;
  readonly common: Common;
  readonly primitives: Primitives;
  readonly store: LedgerStore;
  readonly source: StateSource;
  readonly genesisHash: Uint8Array;
  #head: Head;

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
   * @throws MedsealError `LEDGER_OTHER` where the database holds one of another chain id or genesis.
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
    const identity = Uint8Array.of(...FORMAT, ...genesisHash);

    const found = store.identity();
    if (found === undefined) {
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
    } else if (!equalBytes(found, identity)) {
      throw new MedsealError('LEDGER_OTHER', {});
    }
    const head = readHead(store, primitives);
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

  /** A block by its number; undefined beyond the last. */
  block(number: number): StoredBlock | undefined {
    if (number > this.#head.header.number) return undefined;
    const bytes = this.store.block(number);
    return bytes && decodeBlock(bytes);
  }

  /** A block's hash; 32 zero bytes where there is none. */
  hashOf(number: number): Uint8Array {
    if (number === this.#head.header.number) return this.#head.hash;
    const next = this.block(number + 1);
    return next ? next.header.parentHash : new Uint8Array(32);
  }

  /** The state that a block leads to. */
  stateAt(header: Header): LedgerState {
    return new LedgerState(this.source, header.stateRoot);
  }
}

function readHead(store: LedgerStore, hashes: Keccak): Head {
  const number = store.headNumber();
  const bytes = number === undefined ? undefined : store.block(number);
  if (bytes === undefined) {
    throw new MedsealError(
      'INTERNAL',
      {},
      { cause: new Error('The database lacks its last block.') },
    );
  }
  const { header } = decodeBlock(bytes);
  return { header, hash: hashes.keccak256(encodeHeader(header)) };
}
