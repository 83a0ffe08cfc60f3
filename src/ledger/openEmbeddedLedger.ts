import { bytesToHex } from '../crypto/bytes.ts';
import { portablePrimitives } from '../crypto/portablePrimitives.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { toMedsealError } from '../errors/toMedsealError.ts';
import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import type { Clock } from '../protocol/Clock.ts';
import type { Address, Bytes32 } from '../protocol/ids.ts';
import { CallRunner } from './chain/CallRunner.ts';
import { Chain } from './chain/Chain.ts';
import type { Genesis } from './chain/genesis.ts';
import { LoopSlices } from './chain/LoopSlices.ts';
import { Machine } from './chain/Machine.ts';
import { Producer } from './chain/Producer.ts';
import { TransactionPool } from './chain/TransactionPool.ts';
import { LedgerRejection } from './LedgerRejection.ts';
import { FilterRegistry } from './rpc/FilterRegistry.ts';
import type { LedgerContext } from './rpc/LedgerContext.ts';
import { methods } from './rpc/methods.ts';
import type { LedgerDatabase } from './store/LedgerDatabase.ts';

export type { Genesis } from './chain/genesis.ts';
export type { LedgerDatabase } from './store/LedgerDatabase.ts';

/** A block, as those hear of it who follow the ledger. */
export interface BlockNotice {
  readonly number: number;
  readonly hash: Bytes32;
  /** Seconds since 1970. */
  readonly timestamp: number;
}

/** A ledger in this process: one node, its own EVM, everything on disk before it is answered. */
export interface EmbeddedLedger extends LedgerProvider {
  readonly chainId: number;
  /** Hash of block 0. */
  readonly genesisHash: Bytes32;
  /**
   * Tells of every block, when it is on disk.
   * @param listener - Called before those hear of the block who wait for a transaction in it.
   * @returns Call it to hear no more.
   */
  onBlock(listener: (block: BlockNotice) => void): () => void;
  /** Finishes the block at hand and closes the database. Transactions that still wait are refused with `CLOSED`. */
  close(): Promise<void>;
}

/** Options of `openEmbeddedLedger`. */
export interface EmbeddedLedgerOptions {
  /** An open or opening database of its own; it is closed with the ledger. */
  readonly database: LedgerDatabase;
  /** EIP-155 chain id. */
  readonly chainId: number;
  readonly genesis: Genesis;
  readonly clock: Clock;
  /**
   * True if the ledger takes transactions of an account, asked for each of them; the founding senders alone if absent.
   */
  readonly maySend?: (account: Address) => Promise<boolean>;
  /** Hashes and the curve; the portable ones unless given. */
  readonly primitives?: Primitives;
}

/**
 * Opens the embedded ledger in a database, at its last whole block, or begins it there.
 *
 * Gas costs nothing. A block is made as soon as a transaction waits, never an empty one; its timestamp is the
 * clock's, in seconds, and not below its parent's, so several blocks may share one. Each block is one synced write:
 * after one fails, the ledger refuses transactions with `LEDGER_STOPPED` until it is opened again.
 *
 * @throws MedsealError `LEDGER_OTHER` if the database holds a ledger of another chain id or genesis.
 */
export async function openEmbeddedLedger(options: EmbeddedLedgerOptions): Promise<EmbeddedLedger> {
  const { database, chainId, genesis, clock, primitives = portablePrimitives } = options;
  const chain = await Chain.open(database, chainId, genesis, primitives);
  const pool = new TransactionPool();
  const filters = new FilterRegistry();
  const listeners = new Set<(block: BlockNotice) => void>();
  const founders = new Set(genesis.senders.map((sender) => sender.toLowerCase()));
  const maySend =
    options.maySend ?? (async (account) => await Promise.resolve(founders.has(account)));
  const machine = await Machine.create(
    chain.stateAt(chain.head.header),
    chain.common,
    (number) => chain.hashOf(number),
    new LoopSlices(),
  );
  const producer = new Producer(chain, pool, machine, clock, () => {
    const { header, hash } = chain.head;
    const notice = { number: header.number, hash: bytesToHex(hash), timestamp: header.timestamp };
    for (const listener of listeners) notify(listener, notice);
  });
  const context: LedgerContext = {
    chain,
    pool,
    filters,
    clock,
    calls: new CallRunner(chain),
    maySend,
    accept: (transaction, nextNonce) => {
      const waiting = pool.add(transaction, nextNonce);
      filters.noteTransaction(waiting.id);
      producer.wake();
      return waiting;
    },
  };

  let closed: Promise<void> | undefined;
  async function close(): Promise<void> {
    await producer.close();
    pool.clear(new MedsealError('CLOSED', { what: 'ledger' }));
    await database.close();
  }

  return {
    chainId,
    genesisHash: bytesToHex(chain.genesisHash),
    async request({ method, params = [] }) {
      if (closed) throw new MedsealError('CLOSED', { what: 'ledger' });
      const run = methods.get(method);
      if (run === undefined) {
        const named = method.slice(0, 64);
        throw new LedgerRejection(-32601, `the method ${named} does not exist/is not available`);
      }
      try {
        return await run(context, params);
      } catch (error) {
        // An operation that was under way when the database closed may fail with any error.
        throw closed ? new MedsealError('CLOSED', { what: 'ledger' }) : toMedsealError(error);
      }
    },
    onBlock(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      closed ??= close();
      await closed;
    },
  };
}

/** A listener's mistake is its own: it is thrown where it stops no block. */
function notify(listener: (block: BlockNotice) => void, notice: BlockNotice): void {
  try {
    listener(notice);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
