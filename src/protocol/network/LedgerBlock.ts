import type { Bytes32 } from '../ids.ts';

/** A block of the ledger, with the events of the network's contracts in it. */
export interface LedgerBlock {
  /** From 0. */
  readonly number: number;
  readonly hash: Bytes32;
  /** Hash of the block before. */
  readonly parent: Bytes32;
  /** Time of the block, Unix seconds. */
  readonly timestamp: number;
  /** Hashes of its transactions, in their order. */
  readonly transactions: readonly Bytes32[];
  /** Events in their order. */
  readonly events: readonly LedgerEvent[];
}

/** An event of a contract. */
export interface LedgerEvent {
  /** Transaction of the event. */
  readonly transaction: Bytes32;
  /** Name of the contract's event, such as `Granted` or `Checkpointed`. */
  readonly kind: string;
  /** The event's fields by name. */
  readonly values: Readonly<Record<string, string | number | boolean>>;
}
