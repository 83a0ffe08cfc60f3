import type { Bytes32 } from '../ids.ts';

/** A batch's header, with the fields of P1's block header. */
export interface BatchHeader {
  /** From 0. */
  readonly number: number;
  /** The latest moment that an entry of the batch names, Unix seconds. */
  readonly timestamp: number;
  /** SHA-256 of the canonical JSON of the other four fields. */
  readonly hash: Bytes32;
  /** The hash of the batch before; `ZERO32` for the first. */
  readonly previousHash: Bytes32;
  /** RFC 9162 root of the batch's entries alone. */
  readonly merkleRoot: Bytes32;
}

/** Successive entries of a log, under a header: P1's block. */
export interface LogBatch {
  readonly header: BatchHeader;
  /** The first entry. */
  readonly from: number;
  /** The place after the last entry. */
  readonly to: number;
  /** Size of its bodies in bytes. */
  readonly bytes: number;
  /** True if no further entry can join it; false for the last one, until it is full. */
  readonly complete: boolean;
}
