import type { Category } from '../vocabulary.ts';
import type { Problem } from '../../errors/MedsealError.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import type { Address, Bytes32, Handle, Hex, LogName } from '../ids.ts';
import type { BatchHeader } from './LogBatch.ts';
import type { SignedReadings } from '../sensors/ReadingsHeader.ts';
import type { ListedPair } from './viewSet.ts';
import type {
  Erased,
  EvidenceType,
  NewestState,
  Signed,
  Tally,
  Verdict,
} from '../struct/requests.ts';

/**
 * Content that an entry commits to: party, action, time, purpose, signature and salt. The entry is SHA-256 over the
 * body's canonical JSON; the body itself stays in erasable stores.
 */
export interface Body {
  readonly format: 'medseal-body/1';
  /** `A`: accepted. `R`: refused, with its code. */
  readonly flag: 'A' | 'R';
  /** Code of the refusal; absent for `A`. */
  readonly code?: ErrorCode;
  readonly log: LogName;
  /** The moment that the right was judged at, Unix seconds. */
  readonly at: number;
  /** The ledger's block that it was judged by. */
  readonly block: number;
  readonly request: Signed<EvidenceType>;
  /** `Write` of a batch of readings: what the device signed, so that a patient sees gaps and forks without a file. */
  readonly readings?: SignedReadings;
  /**
   * An accepted `ViewSet`: places in its list of the record versions that were left out, ascending; absent if none was. The
   * reader hears of each as of one that does not exist.
   */
  readonly left?: readonly number[];
  /** 16 random bytes, so that the entry reveals nothing. */
  readonly salt: Hex;
}

/**
 * Summary that an entry commits to: number of refusals without their own entry, by code, since the summary before. It
 * names nobody.
 */
export interface Summary {
  readonly format: 'medseal-summary/1';
  /** The log of the agent. */
  readonly log: LogName;
  /** Time at which it was made, Unix seconds; a minute or more after the one before. */
  readonly at: number;
  /** From 1, by code; at least one code. */
  readonly counts: Readonly<Partial<Record<ErrorCode, number>>>;
  /** 16 random bytes. */
  readonly salt: Hex;
}

/** Content that an entry commits to. */
export type EntryBody = Body | Summary;

/** A coordinator's signature under a statement. */
export interface CoordinatorSignature {
  readonly coordinator: Address;
  /** 65 bytes: r ‖ s ‖ v over the statement's EIP-712 digest. */
  readonly signature: Hex;
}

/** A verdict with its author, and the proof that it covers one entry. */
export interface SignedVerdict extends CoordinatorSignature {
  readonly verdict: Verdict;
  /** Place of the entry among those judged together. */
  readonly index: number;
  /** RFC 9162 inclusion proof of the entry in the verdict's root. */
  readonly proof: readonly Bytes32[];
}

/** Answer to an evidence request once it is durable: its place, and the coordinators' promises. */
export interface Acknowledgement {
  readonly log: LogName;
  /** Place in the log, from 0. */
  readonly index: number;
  /** SHA-256 of the body. */
  readonly entry: Bytes32;
  /** The body's canonical JSON. */
  readonly body: string;
  readonly verdicts: readonly SignedVerdict[];
}

/** A checkpoint as it is published: a C2SP signed note, and the coordinators' signatures for the contract. */
export interface SignedCheckpoint {
  readonly log: LogName;
  readonly size: number;
  readonly root: Bytes32;
  /** The signed note (Ed25519), text. */
  readonly note: string;
  readonly signatures: readonly CoordinatorSignature[];
}

/** Proof that a log holds an entry, which can be verified offline with `network.json` alone. */
export interface Receipt {
  readonly format: 'medseal-receipt/1';
  readonly acknowledgement: Acknowledgement;
  readonly checkpoint: SignedCheckpoint;
  /** RFC 9162 inclusion proof of the entry in the checkpoint, hashes from the leaf up. */
  readonly inclusion: readonly Bytes32[];
  readonly ledger: SignedPlace;
}

/** A log up to a checkpoint, with all its entries, which reveal nothing by themselves. */
export interface History {
  readonly format: 'medseal-history/1';
  readonly checkpoint: SignedCheckpoint;
  /** All entries in their order, 32 bytes each, one after the other. */
  readonly entries: Hex;
}

/** Place of a rule change or a checkpoint on the ledger. */
export interface LedgerPlace {
  /** Transaction that put it there. */
  readonly transaction: Bytes32;
  readonly block: number;
}

/** Place of a checkpoint on the ledger, as its log signed it. */
export interface SignedPlace extends LedgerPlace {
  /** The log's statement of it: a signed note (Ed25519), as `placeText` writes it. */
  readonly note: string;
}

/** A checkpoint that is on the ledger. */
export interface PlacedCheckpoint {
  readonly checkpoint: SignedCheckpoint;
  readonly ledger: SignedPlace;
}

/** An entry as everyone may see it: it reveals nothing. */
export interface LogEntry {
  /** Place in the log, from 0. */
  readonly index: number;
  /** SHA-256 of the body. */
  readonly entry: Bytes32;
}

/** Proof that an entry is in the tree of a log's first entries. */
export interface InclusionProof {
  /** The entry. */
  readonly entry: Bytes32;
  /** RFC 9162 root of the tree. */
  readonly root: Bytes32;
  /** RFC 9162 §2.1.3: hashes from the leaf up. */
  readonly proof: readonly Bytes32[];
}

/** Proof that a log has only grown. */
export interface ConsistencyProof {
  /** RFC 9162 root of the smaller tree. */
  readonly before: Bytes32;
  /** RFC 9162 root of the larger tree. */
  readonly after: Bytes32;
  /** RFC 9162 §2.1.4. */
  readonly proof: readonly Bytes32[];
}

/** Proof that turns an acknowledgement into a receipt; it contains only public data. */
export type EntryProof = Pick<Receipt, 'checkpoint' | 'inclusion' | 'ledger'>;

/** Answer to a question for a receipt before a checkpoint that covers its entry is on the ledger. */
export interface PendingReceipt {
  readonly status: 'pending';
  readonly log: LogName;
  /** Place of the entry in the log, from 0. */
  readonly index: number;
  /** Number of entries of the log that checkpoints on the ledger cover. */
  readonly checkpointed: number;
  /** Milliseconds to wait before asking again. */
  readonly retryAfter: number;
}

/** A key packet, epoch sheet or the like, sealed where it must be; base64. */
export type Base64 = string;

/** Part of a log that was known when something was made from it. */
export interface KnownLog {
  readonly log: LogName;
  /** Entries, from the first. */
  readonly entries: number;
}

/** Data that is released with an acknowledged view. */
export interface Release {
  /** For a chart: the acknowledgements of the record versions that the right covers, in log order. */
  readonly records?: readonly Acknowledgement[];
  /**
   * For batches of a chart: entries of others whose numbers overlap theirs or come right before, so that gaps and forks are seen.
   * Nobody counts them.
   */
  readonly beside?: readonly Acknowledgement[];
  /** For the records of a chart: how many batches of readings were left out, by category. */
  readonly apart?: readonly BatchesApart[];
  /** For a chart: number of entries of each log that it was made from; later entries are not on it yet. */
  readonly known?: readonly KnownLog[];
  /** For a chart: entries by which the patient erased any of these versions. */
  readonly erasures?: readonly Acknowledgement[];
  /** For a chart: the packet with the epoch identities, sealed to the reader. */
  readonly packet?: Base64;
  /**
   * For the patient's own chart: the signature of a device of the patient that the packet is the state of the patient's
   * devices.
   */
  readonly keep?: Signed<'Keep'>;
  /** For the patient's own chart: statements of at least k coordinators about the newest state. */
  readonly newest?: readonly SignedNewest[];
  /**
   * Ticket, for some minutes: for a record to fetch the file, once or more; for an audit or a chain to fetch the entries; for
   * a chart to have it counted.
   */
  readonly ticket?: string;
  /** For several records: what was released of each, in the order of the list. */
  readonly files?: readonly ReleasedFile[];
}

/** Number of batches of devices' readings of a category that a list leaves out. */
export interface BatchesApart {
  readonly category: Category;
  readonly count: number;
}

/** The file of one record version that a set of views asked for: its ticket, or why it was left out. */
export type ReleasedFile = { readonly ticket: string } | { readonly problem: Problem };

/** An entry that concerns a patient, as an audit releases it. */
export interface AuditedEntry {
  /** Place in the log, from 0. */
  readonly index: number;
  /** SHA-256 of the body. */
  readonly entry: Bytes32;
  /** The body's canonical JSON; absent if it was erased. */
  readonly body?: string;
  readonly verdicts: readonly SignedVerdict[];
  /** RFC 9162 inclusion proof of the entry in the tree of the size that was asked for. */
  readonly inclusion: readonly Bytes32[];
}

/** The same with what was asked for beside it. */
export interface ChainEntry extends AuditedEntry {
  /** Of a set of views: the record versions that it names; absent if nobody gave the list. */
  readonly pairs?: readonly ListedPair[];
}

/**
 * Coordinator's statement about a patient's `Keep`: its organisation keeps that state as the newest, and the packets that
 * the `Keep` binds.
 */
export interface SignedKept extends CoordinatorSignature {
  readonly newest: NewestState;
}

/**
 * Coordinator's statement about the newest state of a patient's devices, with the signature of a device of the patient.
 */
export interface SignedNewest extends CoordinatorSignature {
  readonly newest: NewestState;
  /** Absent if it has no state. */
  readonly keep?: Signed<'Keep'>;
}

/** Count of a coordinator in its own organisation's copy of a log. */
export interface SignedTally extends CoordinatorSignature {
  readonly tally: Tally;
}

/** Statement of a coordinator that its organisation has destroyed what a patient erased. */
export interface SignedErased extends CoordinatorSignature {
  readonly erased: Erased;
}

/** Patient whose entries a list holds, or party that signed them. */
export interface ListSubject {
  /** The patient, or `ZERO32` for a party's own chain. */
  readonly handle: Handle;
  /** The party, if the list is of what it signed itself. */
  readonly party?: Address;
}

/** Part of an audit for one log: checkpoint and entries from its node, and counts from coordinators. */
export interface ChainPart {
  readonly log: LogName;
  readonly checkpoint: SignedCheckpoint;
  readonly entries: readonly ChainEntry[];
  readonly tallies: readonly SignedTally[];
}

/** A patient's chain at an audit, or a party's own, with all data to examine it again with `network.json` alone. */
export interface SavedChain extends ListSubject {
  readonly format: 'medseal-chain/1';
  /** Of the audit, or of the request for the chain. */
  readonly acknowledgement: Acknowledgement;
  /** One for each log that could be examined. */
  readonly parts: readonly ChainPart[];
  /** Headers of its blocks, from the one after the genesis. */
  readonly blocks: readonly BatchHeader[];
}

/** Outcome of one submission. */
export type Outcome =
  | {
      readonly outcome: 'acknowledged';
      readonly acknowledgement: Acknowledgement;
      readonly release?: Release;
    }
  | ({ readonly outcome: 'placed' } & LedgerPlace)
  /** An end of a right that k organisations keep: it holds there, and waits for the ledger. */
  | { readonly outcome: 'kept' }
  | {
      readonly outcome: 'refused';
      readonly problem: Problem;
      readonly acknowledgement?: Acknowledgement;
    };
