import type { Address, Bytes32 } from '../../protocol/ids.ts';
import { LedgerRejection } from '../LedgerRejection.ts';
import type { SignedTransaction } from './readTransaction.ts';

/** Transactions that wait at most, of all senders and of one. */
const LIMITS = { waiting: 8192, perSender: 1024 };
/** Distance of a transaction's nonce from the sender's next one, at most. */
const MAX_GAP = 1024;
/** A replacement must offer so many percent more, as with other ledgers' pools. */
const PRICE_BUMP = 10n;

/** A transaction that waits for its block. */
export interface Waiting extends SignedTransaction {
  /** Order of arrival. */
  readonly order: number;
  /** Resolves when the transaction's block is on disk; rejects if it leaves the pool otherwise. */
  readonly settled: Promise<void>;
  settle(error?: unknown): void;
  /** True if the block at hand takes it, so that it can be replaced no more. */
  taken: boolean;
}

/** Transactions that wait for a block, bounded, by sender and nonce. */
export class TransactionPool {
  readonly #bySender = new Map<Address, Map<number, Waiting>>();
  readonly #byHash = new Map<Bytes32, Waiting>();
  readonly #limits: typeof LIMITS;
  #arrivals = 0;

  constructor(limits: typeof LIMITS = LIMITS) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#byHash.size;
  }

  get(hash: Bytes32): Waiting | undefined {
    return this.#byHash.get(hash);
  }

  /** All, in order of arrival. */
  all(): Iterable<Waiting> {
    return this.#byHash.values();
  }

  /**
   * Adds a transaction.
   * @param next - The sender's next nonce, by the last block.
   * @throws LedgerRejection -32000 with the words that other nodes use.
   */
  add(transaction: SignedTransaction, next: number): Waiting {
    const { from, nonce, id } = transaction;
    if (this.#byHash.has(id)) throw new LedgerRejection(-32000, 'already known');
    if (nonce < next) throw new LedgerRejection(-32000, 'nonce too low');
    if (nonce > next + MAX_GAP) throw new LedgerRejection(-32000, 'nonce too high');
    const ofSender = this.#bySender.get(from) ?? new Map<number, Waiting>();
    const before = ofSender.get(nonce);
    if (before?.taken) throw new LedgerRejection(-32000, 'nonce too low');
    if (before && !outbids(transaction, before)) {
      throw new LedgerRejection(-32000, 'replacement transaction underpriced');
    }
    const { waiting: most, perSender } = this.#limits;
    if (!before && (this.size >= most || ofSender.size >= perSender)) {
      throw new LedgerRejection(-32000, 'txpool is full');
    }
    if (before) this.remove(before, new LedgerRejection(-32000, 'transaction was replaced'));
    const waiting = { ...transaction, ...settlement(), order: this.#arrivals++, taken: false };
    this.#bySender.set(from, ofSender.set(nonce, waiting));
    this.#byHash.set(id, waiting);
    return waiting;
  }

  /** Takes a transaction out and tells whoever waits: it is in a block, or why not. */
  remove(waiting: Waiting, error?: unknown): void {
    this.#byHash.delete(waiting.id);
    const ofSender = this.#bySender.get(waiting.from);
    ofSender?.delete(waiting.nonce);
    if (ofSender?.size === 0) this.#bySender.delete(waiting.from);
    waiting.settle(error);
  }

  /** Empties the pool; every transaction in it is told why. */
  clear(error: unknown): void {
    for (const waiting of this.#byHash.values()) this.remove(waiting, error);
  }

  /**
   * Transactions that the next block can take, in order: arrival, but a sender's own by nonce without a gap.
   * @param nextNonce - A sender's next nonce, by the last block.
   */
  ready(nextNonce: (from: Address) => number): Waiting[] {
    const found: { waiting: Waiting; order: number }[] = [];
    for (const [from, ofSender] of this.#bySender) {
      let order = 0;
      for (let nonce = nextNonce(from); ; nonce++) {
        const waiting = ofSender.get(nonce);
        if (waiting === undefined) break;
        order = Math.max(order, waiting.order);
        found.push({ waiting, order });
      }
    }
    return found
      .toSorted((a, b) => a.order - b.order || a.waiting.nonce - b.waiting.nonce)
      .map(({ waiting }) => waiting);
  }

  /** The nonce after the last that waits without a gap. */
  pendingNonce(from: Address, next: number): number {
    const ofSender = this.#bySender.get(from);
    let nonce = next;
    while (ofSender?.has(nonce)) nonce++;
    return nonce;
  }
}

function outbids(transaction: SignedTransaction, before: SignedTransaction): boolean {
  const offered = price(transaction);
  const held = price(before);
  return offered > held && offered * 100n >= held * (100n + PRICE_BUMP);
}

function price({ tx }: SignedTransaction): bigint {
  return 'maxFeePerGas' in tx ? tx.maxFeePerGas : tx.gasPrice;
}

function settlement(): Pick<Waiting, 'settled' | 'settle'> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // Nobody need wait for it.
  promise.catch(() => {});
  return {
    settled: promise,
    settle: (error) => (error === undefined ? resolve() : reject(error)),
  };
}
