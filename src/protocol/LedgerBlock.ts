import type { Bytes32 } from './ids.ts';

/** A block of the ledger, with what the network's contracts say happened in it. */
export interface LedgerBlock {
  /** From 0. */
  readonly number: number;
  readonly hash: Bytes32;
  /** Hash of the block before. */
  readonly parent: Bytes32;
  /** When it was made, Unix seconds. */
  readonly timestamp: number;
  /** Hashes of its transactions, in their order. */
  readonly transactions: readonly Bytes32[];
  /** In their order. */
  readonly events: readonly LedgerEvent[];
}

/** One thing that a contract says happened. */
export interface LedgerEvent {
  /** The transaction that it happened in. */
  readonly transaction: Bytes32;
  /** Name of the contract's event, such as `Granted` or `Checkpointed`. */
  readonly kind: string;
  /** The event's fields by name. */
  readonly values: Readonly<Record<string, string | number | boolean>>;
}
