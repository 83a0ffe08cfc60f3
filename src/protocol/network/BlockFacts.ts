import type { Bytes32 } from '../ids.ts';

/** A block as a ledger has it. With validators its hash binds them, and all that happened before. */
export interface BlockFacts {
  readonly height: number;
  readonly hash: Bytes32;
  /** Unix seconds. */
  readonly time: number;
}
