import type { Acknowledgement, Body, ChainPart, SignedCheckpoint } from '../protocol/evidence.ts';
import type { Bytes32, Handle, LogName } from '../protocol/ids.ts';

/** One thing that happened to a patient's chart: an entry of a log. */
export interface AuditEvent {
  readonly log: LogName;
  readonly index: number;
  readonly entry: Bytes32;
  /** What the entry commits to; absent if it was erased, or does not hold. */
  readonly body?: Body;
  /** Bytes of the body, if there is one. */
  readonly size?: number;
  /** Why it does not hold; absent if it does. */
  readonly fault?: string;
}

/** What was found in one log. */
export interface AuditedLog {
  readonly log: LogName;
  /** The list is about the first entries of the log, up to this checkpoint; absent if there is none. */
  readonly checkpoint?: SignedCheckpoint;
  readonly events: readonly AuditEvent[];
  /** True if k coordinators counted the same. */
  readonly complete: boolean;
  /** Why the list as a whole does not hold. */
  readonly faults: readonly string[];
  /** What could not be checked, each in a sentence. */
  readonly unchecked: readonly string[];
}

/** Everything that happened to a patient's chart, in every log of the channel. */
export interface Audit {
  readonly handle: Handle;
  /** Evidence of this audit. */
  readonly acknowledgement: Acknowledgement;
  readonly logs: readonly AuditedLog[];
  /** What it was found from, to be kept and examined again: see `keepChain`. */
  readonly parts: readonly ChainPart[];
}
