import type { RecordId } from '../protocol/ids.ts';

/** One version of a record. */
export interface RecordVersion {
  readonly record: RecordId;
  /** From 1. */
  readonly version: number;
}
