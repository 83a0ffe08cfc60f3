import type { AuditQuery } from '../../protocol/AgentPort.ts';
import type {
  Acknowledgement,
  Body,
  ChainPart,
  ListSubject,
  SignedCheckpoint,
} from '../../protocol/evidence/evidence.ts';
import type { ListedPair } from '../../protocol/evidence/viewSet.ts';
import type { Bytes32, LogName, Organisation } from '../../protocol/ids.ts';

import type { ProvenBlocks } from './provenBlocks.ts';

/** One thing that happened to a patient's chart, or that a party did: an entry of a log. */
export interface AuditEvent {
  readonly log: LogName;
  readonly index: number;
  readonly entry: Bytes32;
  /** Body that the entry commits to; absent if it was erased, or is not valid. */
  readonly body?: Body;
  /** Of a set of views: the record versions that it names, in its order (`left` of the body is by these places), if a node gave them. */
  readonly pairs?: readonly ListedPair[];
  /** Bytes of the body, if there is one. */
  readonly size?: number;
  /** Reason why the entry is not valid; absent if it is valid. */
  readonly fault?: string;
  /**
   * Of a view of a record in a channel with a release key: organisations that say that they released its key. Silence proves
   * nothing.
   */
  readonly released?: readonly ReleaseTold[];
}

/** Statement of an organisation's coordinator that it released a record's key for a view. */
export interface ReleaseTold {
  readonly organisation: Organisation;
  /** When first, Unix seconds. */
  readonly at: number;
  /** SHA-256 of the recipient that its share was sealed to. */
  readonly recipient: Bytes32;
  /** Leaf of the record version, if the view is of a set. */
  readonly leaf?: Bytes32;
}

/** Findings in one log. */
export interface AuditedLog {
  readonly log: LogName;
  /** Checkpoint up to which the entries of the log are listed; absent if there is no checkpoint. */
  readonly checkpoint?: SignedCheckpoint;
  readonly events: readonly AuditEvent[];
  /**
   * True if k coordinators counted the same entries, it is known of each view of several records which it released
   * (`untoldRecords` is 0 for all), and of a chart with a release key enough organisations told their releases.
   */
  readonly complete: boolean;
  /** Reasons why the list as a whole is not valid. */
  readonly faults: readonly string[];
  /** Facts that could not be checked, a sentence for each. */
  readonly unchecked: readonly string[];
  /**
   * If the audit asked for the entries since a kept one alone: number of the older lines that are not among `events`, as the device
   * did not keep them to show.
   */
  readonly older?: number;
}

/** Everything that happened to a patient's chart, or that a party signed itself, in every log of the channel. */
export interface Audit extends ListSubject {
  /** Evidence of this audit. */
  readonly acknowledgement: Acknowledgement;
  readonly logs: readonly AuditedLog[];
  /** Number of organisations that told their releases of the chart; absent of a chain, and without a release key. */
  readonly heard?: number;
  /** Parts that the findings are based on, to be saved and examined again: see `keepChain`. */
  readonly parts: readonly ChainPart[];
  /** The kept audit that it went on from; where a log has `older`, `parts` has the entries since then alone. */
  readonly base?: KeptAudit;
  /** Ticket and EIP-712 digest of the audit, which release its entries for some minutes: see `hasNewEvents`. */
  readonly key: Pick<AuditQuery, 'ticket' | 'request'>;
}

/** One log that an audit proved, as a device keeps it. */
export interface KeptLog extends Pick<AuditedLog, 'log' | 'complete' | 'unchecked'> {
  /** When it was proven, Unix seconds. */
  readonly at: number;
  readonly checkpoint: SignedCheckpoint;
  /** Number of the lines that were proven in it. */
  readonly lines: number;
  /** Entry of the last line. */
  readonly last?: Bytes32;
  /** Hash over the entries of the lines, if k coordinators counted them alike: whoever lists others later is found out. */
  readonly names?: Bytes32;
  readonly proven: ProvenBlocks;
}

/** The last audits of a patient, as the device keeps them: `recallAudit` returns it. */
export interface KeptAudit {
  /** When the log that was proven longest ago was proven, Unix seconds. */
  readonly at: number;
  /** Number of lines that were proven. */
  readonly lines: number;
  /** When a later audit found faults, Unix seconds. */
  readonly doubted?: number;
  readonly logs: readonly KeptLog[];
  /**
   * The findings to be shown, without `parts`: from a device the newest lines alone if there are many. They were true of
   * their time, and prove nothing to others.
   */
  readonly audit: Audit;
}
