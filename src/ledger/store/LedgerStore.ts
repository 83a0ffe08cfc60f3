import { MedsealError } from '../../errors/MedsealError.ts';
import { concatBytes, equalBytes } from '../../crypto/bytes.ts';
import { bigEndian, fromBigEndian, ledgerRowKeys, logTerm } from './keys.ts';
import type { LedgerDatabase } from './LedgerDatabase.ts';
import { decodeReceipts, encodeReceipts, type StoredReceipt } from './StoredReceipt.ts';

/** All that one block puts on disk. */
export interface BlockWrite {
  readonly number: number;
  readonly hash: Uint8Array;
  /** The block in RLP. */
  readonly block: Uint8Array;
  readonly transactions: readonly Uint8Array[];
  readonly receipts: readonly StoredReceipt[];
  /** New trie nodes: hash and encoding. */
  readonly nodes: readonly (readonly [Uint8Array, Uint8Array])[];
  /** New code: hash and bytes. */
  readonly codes: readonly (readonly [Uint8Array, Uint8Array])[];
}

const BINARY = { keyEncoding: 'view', valueEncoding: 'view' } as const;
// `sync` belongs to classic-level: the batch is on the disk, not only with the operating system, when it resolves.
const SYNCED = { ...BINARY, sync: true };
/** Bytes of a transaction's place: its block's number and its index there. */
const PLACE_BYTES = 12;

/** The ledger's tables. Every block is one atomic, synced batch; nothing else writes. */
export class LedgerStore {
  readonly #database: LedgerDatabase;
  #stopped = false;

  constructor(database: LedgerDatabase) {
    this.#database = database;
  }

  /** True if a write failed, so that it is unknown what the disk holds until it is opened again. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Refuses every further write. */
  stop(): void {
    this.#stopped = true;
  }

  /** Format and block 0 of the ledger that the database belongs to; undefined if it is new. */
  identity(): Uint8Array | undefined {
    return this.#get(ledgerRowKeys.identity());
  }

  /** The number of the last whole block; undefined if there are no blocks. */
  headNumber(): number | undefined {
    const value = this.#get(ledgerRowKeys.head());
    return value && fromBigEndian(value);
  }

  node(hash: Uint8Array): Uint8Array | undefined {
    return this.#get(ledgerRowKeys.node(hash));
  }

  code(hash: Uint8Array): Uint8Array | undefined {
    return this.#get(ledgerRowKeys.code(hash));
  }

  /** A block in RLP. */
  block(number: number): Uint8Array | undefined {
    return this.#get(ledgerRowKeys.block(number));
  }

  receipts(number: number): StoredReceipt[] | undefined {
    const value = this.receiptsRow(number);
    return value && decodeReceipts(value);
  }

  /** A block's receipts as they lie on disk. */
  receiptsRow(number: number): Uint8Array | undefined {
    return this.#get(ledgerRowKeys.receipts(number));
  }

  numberOf(blockHash: Uint8Array): number | undefined {
    const value = this.#get(ledgerRowKeys.blockHash(blockHash));
    return value && fromBigEndian(value);
  }

  /** Place of a transaction. */
  locate(transaction: Uint8Array): { number: number; index: number } | undefined {
    const value = this.#get(ledgerRowKeys.transaction(transaction));
    if (value?.length !== PLACE_BYTES) return undefined;
    return {
      number: fromBigEndian(value.subarray(0, 8)),
      index: fromBigEndian(value.subarray(8)),
    };
  }

  /**
   * The numbers of the blocks that may have a log with a term, ascending.
   * @param position - 0 for the address, 1 to 4 for the topics.
   * @param value - The address or topic.
   * @param from - First block.
   * @param to - Last block.
   */
  async *blocksWith(
    position: number,
    value: Uint8Array,
    { from, to, limit }: { readonly from: number; readonly to: number; readonly limit: number },
  ): AsyncGenerator<number> {
    const term = logTerm(position, value);
    const found = this.#database.keys<Uint8Array>({
      keyEncoding: 'view',
      gte: ledgerRowKeys.log(term, from),
      lte: ledgerRowKeys.log(term, to),
      limit,
    });
    for await (const key of found) yield fromBigEndian(key.subarray(-8));
  }

  /**
   * Writes a block, whole and synced.
   * @param identity - Written along with the genesis block.
   * @throws MedsealError `LEDGER_STOPPED` if the write fails, and ever after.
   */
  async write(write: BlockWrite, identity?: Uint8Array): Promise<void> {
    const puts = [...rowsOf(write), [ledgerRowKeys.head(), bigEndian(write.number, 8)] as const];
    if (identity) puts.push([ledgerRowKeys.identity(), identity]);
    await this.#put(puts);
  }

  /**
   * Writes the rows that belong to a block that is there, if they are lost or differ; synced.
   * @returns Number of rows written.
   * @throws MedsealError `LEDGER_STOPPED` as `write` does.
   */
  async rewrite(write: BlockWrite): Promise<number> {
    const puts = rowsOf(write).filter(([key, value]) => {
      const known = this.#get(key);
      return known === undefined || !equalBytes(known, value);
    });
    if (puts.length > 0) await this.#put(puts);
    return puts.length;
  }

  /**
   * Removes rows of the indexes that do not lead to a block that has them; synced.
   * @param last - The last block.
   * @param hashOf - A block's hash by its number.
   * @returns Number of rows removed.
   * @throws MedsealError `LEDGER_STOPPED` as `write` does.
   */
  async dropAstray(last: number, hashOf: (number: number) => Uint8Array): Promise<number> {
    let dropped = 0;
    const range = {
      gte: ledgerRowKeys.blockHash(NOTHING),
      lt: Uint8Array.of(0x75),
      keyEncoding: 'view',
    } as const;
    for await (const key of this.#database.keys<Uint8Array>(range)) {
      if (!INDEXES.has(key[0] ?? 0) || this.#leads(key, last, hashOf)) continue;
      await this.#batch([{ type: 'del', key: key.slice() }]);
      dropped += 1;
    }
    return dropped;
  }

  /** Tells whether a key of an index leads to a block that has what it is named after. */
  #leads(key: Uint8Array, last: number, hashOf: (number: number) => Uint8Array): boolean {
    const name = key.subarray(1);
    switch (String.fromCharCode(key[0] ?? 0)) {
      case 'h': {
        const number = this.numberOf(name);
        return number !== undefined && number <= last && equalBytes(hashOf(number), name);
      }
      case 't': {
        const place = this.locate(name);
        const receipt = this.receipts(place?.number ?? -1)?.[place?.index ?? 0];
        return receipt !== undefined && equalBytes(receipt.hash, name);
      }
      default: {
        const number = fromBigEndian(key.subarray(-8));
        const receipts = number <= last ? this.receipts(number) : undefined;
        if (receipts === undefined) return false;
        return [...logKeys({ number, receipts })].some((known) => equalBytes(known, key));
      }
    }
  }

  async #put(puts: readonly Row[]): Promise<void> {
    await this.#batch(puts.map(([key, value]) => ({ type: 'put' as const, key, value })));
  }

  async #batch(changes: readonly Change[]): Promise<void> {
    if (this.#stopped) throw new MedsealError('LEDGER_STOPPED', {});
    try {
      await this.#database.batch([...changes], SYNCED);
    } catch (cause) {
      this.#stopped = true;
      throw new MedsealError('LEDGER_STOPPED', {}, { cause });
    }
  }

  #get(key: Uint8Array): Uint8Array | undefined {
    const found = this.#database.getSync<Uint8Array, Uint8Array>(key, BINARY);
    // Some databases answer with a Buffer, whose `slice` shares its memory, which no reader of ours expects.
    return found && new Uint8Array(found.buffer, found.byteOffset, found.length);
  }
}

const NOTHING = new Uint8Array();

/** First letters of the indexes: hashes of blocks, logs, transactions. */
const INDEXES: ReadonlySet<number> = new Set(['h', 'l', 't'].map((letter) => letter.charCodeAt(0)));

type Change =
  | { readonly type: 'put'; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: Uint8Array };

/** A key and its value. */
type Row = readonly [Uint8Array, Uint8Array];

/** All that a block puts on disk but that it is the last. */
function rowsOf(write: BlockWrite): readonly Row[] {
  const { number } = write;
  const position = bigEndian(number, 8);
  return [
    [ledgerRowKeys.block(number), write.block],
    [ledgerRowKeys.receipts(number), encodeReceipts(write.receipts)],
    [ledgerRowKeys.blockHash(write.hash), position],
    ...write.nodes.map(([hash, encoded]): Row => [ledgerRowKeys.node(hash), encoded]),
    ...write.codes.map(([hash, code]): Row => [ledgerRowKeys.code(hash), code]),
    ...write.transactions.map((hash, index): Row => {
      return [ledgerRowKeys.transaction(hash), concatBytes(position, bigEndian(index, 4))];
    }),
    ...[...logKeys(write)].map((key): Row => [key, NOTHING]),
  ];
}

/** The index entries of a block's logs, each once. */
export function logKeys(write: Pick<BlockWrite, 'number' | 'receipts'>): Iterable<Uint8Array> {
  const found = new Map<string, Uint8Array>();
  const note = (position: number, value: Uint8Array) => {
    const key = ledgerRowKeys.log(logTerm(position, value), write.number);
    found.set(key.join(), key);
  };
  for (const receipt of write.receipts) {
    for (const [address, topics] of receipt.logs) {
      note(0, address);
      for (const [index, topic] of topics.entries()) note(index + 1, topic);
    }
  }
  return found.values();
}
