import type { Address, Bytes32, Handle } from '../protocol/ids.ts';

/** Where on the ledger an event stands. */
export interface EventPlace {
  /** The contract that says so. */
  readonly contract: Address;
  readonly block: number;
  /** Hash of the transaction. */
  readonly transaction: Bytes32;
  /** Place among the block's events. */
  readonly logIndex: number;
}

/** What the contracts say happened, by name; together the events give all of the contracts' state again. */
export interface RuleEvents {
  Enrolled: {
    readonly party: Address;
    /** Place of the role in `ROLES` + 1. */
    readonly role: number;
    readonly organisation: Bytes32;
    readonly recipient: Bytes32;
    readonly handle: Handle;
  };
  Granted: { readonly handle: Handle; readonly grant: Bytes32 };
  Revoked: { readonly handle: Handle; readonly grant: Bytes32 };
  EpochAdvanced: {
    readonly handle: Handle;
    readonly epoch: number;
    /** SHA-256 over the packets for those who keep a right; `ZERO32` for the first epoch. */
    readonly packets: Bytes32;
  };
  EpochsCommitted: {
    readonly handle: Handle;
    readonly first: number;
    readonly count: number;
    readonly root: Bytes32;
  };
  Checkpointed: { readonly log: Bytes32; readonly size: number; readonly root: Bytes32 };
  Refused: {
    /** Place of the request in its batch. */
    readonly index: number;
    /** Name of the contract's error that says why, such as `GrantKnown`. */
    readonly error: string;
  };
}

/** One event of the contracts. */
export type RuleEvent = {
  [Kind in keyof RuleEvents]: { readonly kind: Kind } & EventPlace & RuleEvents[Kind];
}[keyof RuleEvents];
