import { parseTransaction } from 'viem/utils';
import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { quantityIn } from '../../bindings/quantityIn.ts';
import { quantityOf } from '../../bindings/quantityOf.ts';
import type { LightLedger } from '../../consortium/LightLedger.ts';
import type { VerifiedTransaction } from '../../consortium/blockTransactions.ts';
import { carriedTransaction } from '../../consortium/carriedTransaction.ts';
import { LightLogs, type PlacedLog } from '../../consortium/LightLogs.ts';
import { bytesToHex } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Clock } from '../../protocol/Clock.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import {
  invalid,
  isAbsent,
  isRecord,
  readAddress,
  readBytes32,
  readData,
  readQuantity,
  readSlot,
} from '../rpc/parameters.ts';
import { provenCall } from './provenCall.ts';
import { requireNarrow } from './requireNarrow.ts';
import { isUnprovenRefusal } from './withoutRefusals.ts';

/** Options of `ProvenReads`. */
export interface ProvenReadsOptions {
  readonly light: LightLedger;
  /** The endpoint itself: it is asked where a transaction is, and is given transactions. */
  readonly plain: LedgerProvider;
  readonly chainId: number;
  readonly primitives: Primitives;
  readonly clock: Clock;
  /** Milliseconds that the block after a transaction's is waited for. */
  readonly timeout: number;
}

/** A method that answers what was verified, in the form of the Ethereum JSON-RPC specification. */
type Read = (params: readonly unknown[]) => Promise<unknown>;

/** Milliseconds between two looks for the next block. */
const POLL = 100;
/** Names of the newest block: every block is final. */
const NEWEST: ReadonlySet<unknown> = new Set(['latest', 'safe', 'finalized', 'pending']);
const NOBODY: Address = '0x0000000000000000000000000000000000000000';

/** The methods of JSON-RPC that a consortium's blocks and proofs answer. */
export class ProvenReads {
  readonly #options: ProvenReadsOptions;
  readonly #logs: LightLogs;

  constructor(options: ProvenReadsOptions) {
    this.#options = options;
    this.#logs = new LightLogs(options.light, options.primitives);
  }

  readonly #methods: Readonly<Record<string, Read>> = {
    eth_blockNumber: async () => quantityOf(await this.#newest()),
    eth_getBlockByNumber: async ([tag, whole]) => await this.#block(tag, whole === true),
    eth_getLogs: async ([filter]) => await this.#logsOf(filter),
    eth_getTransactionReceipt: async ([hash]) => {
      const { plain } = this.#options;
      const wanted = readBytes32(hash, 'hash');
      const params = [wanted];
      const shown = await plain.request({ method: 'eth_getTransactionReceipt', params });
      return shown === null ? null : await this.#receipt(shown, wanted);
    },
    eth_getTransactionByHash: async ([hash]) => {
      const { plain } = this.#options;
      const wanted = readBytes32(hash, 'hash');
      const params = [wanted];
      const shown = await plain.request({ method: 'eth_getTransactionByHash', params });
      return shown === null ? null : await this.#transaction(shown, wanted);
    },
    eth_sendRawTransactionSync: async (params) => {
      const { plain, primitives } = this.#options;
      const hash = bytesToHex(primitives.keccak256(readData(params[0], 'transaction')));
      const shown = await plain.request({ method: 'eth_sendRawTransactionSync', params });
      return await this.#receipt(shown, hash);
    },
    eth_call: async ([call, tag]) => await this.#call(call, async () => await this.#height(tag)),
    eth_estimateGas: async (params) => {
      const { plain } = this.#options;
      const ask = async () => await plain.request({ method: 'eth_estimateGas', params });
      try {
        return await ask();
      } catch (error) {
        if (!isUnprovenRefusal(error)) throw error;
        await this.#refuse(params[0]);
        // The contract refuses it no more: a block since then may have healed it.
        return await ask();
      }
    },
    eth_getCode: async ([address, tag]) => {
      const height = await this.#height(tag);
      return bytesToHex(await this.#options.light.verifiedCode(readAddress(address), height));
    },
    eth_getStorageAt: async ([address, slot, tag]) => {
      const key = bytesToHex(readSlot(slot));
      const height = await this.#height(tag);
      return await this.#options.light.verifiedStorage(readAddress(address), key, height);
    },
  };

  /**
   * The function that answers a method.
   *
   * @param name - Name of the method.
   * @returns Undefined if nothing proves its answers.
   */
  method(name: string): Read | undefined {
    return Object.hasOwn(this.#methods, name) ? this.#methods[name] : undefined;
  }

  async #call(call: unknown, height: () => Promise<number>): Promise<unknown> {
    if (!isRecord(call)) throw invalid('call');
    const { light, chainId, primitives } = this.#options;
    return await provenCall(light, await height(), chainId, primitives, {
      from: isAbsent(call['from']) ? NOBODY : readAddress(call['from']),
      to: readAddress(call['to']),
      data: bytesToHex(readData(call['data'] ?? call['input'] ?? '0x', 'data')),
    });
  }

  /** Throws the contract's own refusal if it refuses a call, by the newest state that can be proven or by the head's. */
  async #refuse(call: unknown): Promise<void> {
    // The creation of a contract cannot be run here.
    if (!isRecord(call) || isAbsent(call['to'])) return;
    await this.#call(call, async () => await this.#newest());
    const { height } = await this.#options.light.verifiedHead();
    await this.#call(call, async () => await this.#provable(height));
  }

  /** The newest block whose state and logs can be proven: the one before the head. */
  async #newest(): Promise<number> {
    const { height } = await this.#options.light.verifiedHead();
    if (height < 2) throw new MedsealError('NOT_YET', { what: 'block of the ledger' });
    return height - 1;
  }

  /** The block that a tag names; the ledger's first is 1. */
  async #height(tag: unknown): Promise<number> {
    if (tag === 'earliest') return 1;
    if (isAbsent(tag) || NEWEST.has(tag)) return await this.#newest();
    return Math.max(1, readQuantity(tag, 'block'));
  }

  async #block(tag: unknown, whole: boolean): Promise<unknown> {
    if (whole) throw invalid('wish: whole transactions have no proof');
    const { light } = this.#options;
    const number = await this.#height(tag);
    if (number > (await this.#newest())) return null;
    const { hash, header } = await light.verifiedHeader(number);
    const transactions = await light.verifiedTransactions(number);
    return {
      number: quantityOf(number),
      hash,
      parentHash: number === 1 ? bytesToHex(new Uint8Array(32)) : header.lastBlockId.hash,
      timestamp: quantityOf(header.time.seconds),
      transactions: transactions.map((each) => each.hash),
    };
  }

  async #logsOf(filter: unknown): Promise<unknown> {
    if (!isRecord(filter)) throw invalid('filter');
    const { address, fromBlock, toBlock, topics, blockHash } = filter;
    if (!isAbsent(blockHash)) throw invalid('filter: name blocks by their numbers');
    if (!isAbsent(topics) && !(Array.isArray(topics) && topics.length === 0)) {
      throw invalid('filter: logs are not sought by topics here');
    }
    const wanted = new Set(
      isAbsent(address) ? [] : [address].flat().map((each) => readAddress(each)),
    );
    const to = await this.#provable(await this.#height(toBlock));
    const from = await this.#height(fromBlock);
    if (from > to) return [];
    requireNarrow(from, to);
    const logs = await this.#logs.read(from, to);
    return logs
      .filter(({ address: of }) => wanted.size === 0 || wanted.has(of))
      .map((log) => presentLog(log));
  }

  /** A transaction, of which the endpoint says only in which block it is. */
  async #transaction(shown: unknown, hash: Bytes32): Promise<unknown> {
    const what = 'a transaction';
    const { found, place } = await this.#place(shown, hash, what);
    const raw = carriedTransaction(this.#options.primitives, found);
    if (raw === undefined) throw new MedsealError('LEDGER_UNPROVEN', { what });
    const { to, data = '0x' } = parseTransaction(bytesToHex(raw));
    return { hash, ...place, to: to ?? null, input: data };
  }

  /** Finds a transaction: the endpoint is believed in which block it is, and no more. */
  async #place(
    shown: unknown,
    hash: Bytes32,
    what: string,
  ): Promise<{
    readonly found: VerifiedTransaction;
    readonly place: object;
    readonly blockHash: Bytes32;
  }> {
    const { light } = this.#options;
    const { blockNumber } = (shown ?? {}) as { readonly blockNumber?: unknown };
    const number = quantityIn(blockNumber, 'ledger answer');
    const provable = await this.#provable(number);
    // It showed something of it, so it has the block.
    if (provable !== number) throw new MedsealError('LEDGER_UNPROVEN', { what });
    const transactions = await light.verifiedTransactions(number);
    const index = transactions.findIndex((each) => each.hash === hash);
    const found = transactions[index];
    if (found === undefined) throw new MedsealError('LEDGER_UNPROVEN', { what });
    const { hash: blockHash } = await light.verifiedHeader(number);
    const [transactionIndex, at] = [quantityOf(index), quantityOf(number)];
    return { found, blockHash, place: { transactionIndex, blockHash, blockNumber: at } };
  }

  /** The receipt of a transaction, of which the endpoint says only in which block it is. */
  async #receipt(shown: unknown, hash: Bytes32): Promise<unknown> {
    const { found, place, blockHash } = await this.#place(shown, hash, 'a receipt');
    return {
      transactionHash: hash,
      ...place,
      status: found.succeeded ? '0x1' : '0x0',
      logs: found.logs.map((log) => presentLog({ ...log, blockHash })),
    };
  }

  /** Waits, if a block is the head, for the one after it, which proves what it did; the newest provable if it is later. */
  async #provable(number: number): Promise<number> {
    const { light, clock, timeout } = this.#options;
    const deadline = clock.now() + timeout;
    for (;;) {
      const { height } = await light.verifiedHead();
      if (number !== height) return Math.min(number, height - 1);
      if (clock.now() >= deadline) throw new MedsealError('NOT_YET', { what: 'transaction' });
      await new Promise<void>((resolve) => {
        clock.after(POLL, resolve);
      });
    }
  }
}

function presentLog(log: PlacedLog): Readonly<Record<string, unknown>> {
  return {
    ...log,
    blockNumber: quantityOf(log.blockNumber),
    logIndex: quantityOf(log.logIndex),
    removed: false,
  };
}
