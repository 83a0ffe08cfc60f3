import type { SignedCheckpoint, SignedPlace } from '../../protocol/evidence/evidence.ts';
import type { Bytes32 } from '../../protocol/ids.ts';

/** A log that was read, as its node serves it. */
export interface ReadLog {
  /** Its checkpoints, ascending. */
  readonly placed: readonly {
    readonly checkpoint: SignedCheckpoint;
    readonly ledger: SignedPlace;
  }[];
  /** Their roots, by size. */
  readonly roots: ReadonlyMap<number, Bytes32>;
  readonly size: number;
}

/** A source that knows a log independently of its node. */
export interface LogWitness {
  /** Name to show, such as `the ledger`. */
  readonly name: string;
  /** Returns the number of entries that it knows; 0 if it cannot be asked. */
  size(): Promise<number>;
  /** Compares the log that the node served; called after `size`. */
  compare(read: ReadLog): Promise<{
    /** Differences, a sentence for each. */
    readonly faults: readonly string[];
    /** Facts that it could not check. */
    readonly unchecked: readonly string[];
  }>;
}
