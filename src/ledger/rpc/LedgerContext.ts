import type { Clock } from '../../protocol/Clock.ts';
import type { Address } from '../../protocol/ids.ts';
import type { Chain } from '../chain/Chain.ts';
import type { SignedTransaction } from '../chain/readTransaction.ts';
import type { TransactionPool, Waiting } from '../chain/TransactionPool.ts';
import type { CallRunner } from '../chain/CallRunner.ts';
import type { FilterRegistry } from './FilterRegistry.ts';

/** Context of the JSON-RPC methods. */
export interface LedgerContext {
  readonly chain: Chain;
  readonly pool: TransactionPool;
  readonly calls: CallRunner;
  readonly clock: Clock;
  readonly filters: FilterRegistry;
  /** Tells whether the ledger takes transactions of an account. */
  maySend(account: Address): Promise<boolean>;
  /** Puts a transaction that was checked into the pool, and wakes the producer. */
  accept(transaction: SignedTransaction, nextNonce: number): Waiting;
}

/** One JSON-RPC method. */
export type Method = (ledger: LedgerContext, params: readonly unknown[]) => unknown;

/** Methods by name. */
export type MethodTable = Readonly<Record<string, Method>>;
