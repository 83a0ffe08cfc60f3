import type { SignedCheckpoint, SignedPlace } from '../protocol/evidence.ts';
import type { Bytes32 } from '../protocol/ids.ts';

/** A log as its node serves it, once it was read. */
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

/** Someone who knows a log by other ways than its node. */
export interface LogWitness {
  /** Who it is, such as `the ledger`. */
  readonly name: string;
  /** How many entries it knows of; 0 if it cannot be asked. */
  size(): Promise<number>;
  /** Compares what the node served; asked after `size`. */
  compare(read: ReadLog): Promise<{
    /** What does not agree, each in a sentence. */
    readonly faults: readonly string[];
    /** What it could not say. */
    readonly unchecked: readonly string[];
  }>;
}
