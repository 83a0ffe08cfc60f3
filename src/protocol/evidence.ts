import type { Problem } from '../errors/MedsealError.ts';
import type { ErrorCode } from '../errors/catalogue.ts';
import type { Address, Bytes32, Handle, Hex, LogName } from './ids.ts';
import type { BatchHeader } from './LogBatch.ts';
import type { EvidenceType, NewestState, Signed, Tally, Verdict } from './requests.ts';

/**
 * What an entry commits to: who, what, when, why, the signature, the salt. The entry is SHA-256 over the body's
 * canonical JSON; the body itself stays in erasable stores.
 */
export interface Body {
  readonly format: 'medseal-body/1';
  /** `A`: accepted. `R`: refused, with its code. */
  readonly flag: 'A' | 'R';
  /** Why it was refused; absent for `A`. */
  readonly code?: ErrorCode;
  readonly log: LogName;
  /** The moment that the right was judged at, Unix seconds. */
  readonly at: number;
  /** The ledger's block that it was judged by. */
  readonly block: number;
  readonly request: Signed<EvidenceType>;
  /** 16 random bytes, so that the entry says nothing. */
  readonly salt: Hex;
}

/**
 * What an entry commits to that sums up what an agent refused without an entry of its own: how often, by code, since
 * the summary before. It names nobody.
 */
export interface Summary {
  readonly format: 'medseal-summary/1';
  /** The log of the agent. */
  readonly log: LogName;
  /** When it was made, Unix seconds; a minute or more after the one before. */
  readonly at: number;
  /** From 1, by code; at least one code. */
  readonly counts: Readonly<Partial<Record<ErrorCode, number>>>;
  /** 16 random bytes. */
  readonly salt: Hex;
}

/** Whatever an entry commits to. */
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

/** The answer to an evidence request once it is durable: where it stands, and who promised that it stays. */
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

/** All that is needed to check, offline and with `network.json` alone, that a log holds an entry. */
export interface Receipt {
  readonly format: 'medseal-receipt/1';
  readonly acknowledgement: Acknowledgement;
  readonly checkpoint: SignedCheckpoint;
  /** RFC 9162 inclusion proof of the entry in the checkpoint, hashes from the leaf up. */
  readonly inclusion: readonly Bytes32[];
  readonly ledger: SignedPlace;
}

/** A log as it stood at a checkpoint: all entries that it holds, which say nothing by themselves. */
export interface History {
  readonly format: 'medseal-history/1';
  readonly checkpoint: SignedCheckpoint;
  /** All entries in their order, 32 bytes each, one after the other. */
  readonly entries: Hex;
}

/** Where a rule change or a checkpoint stands on the ledger. */
export interface LedgerPlace {
  /** The transaction that put it there. */
  readonly transaction: Bytes32;
  readonly block: number;
}

/** Where a checkpoint stands on the ledger, as its log says. */
export interface SignedPlace extends LedgerPlace {
  /** The log's own word for it: a signed note (Ed25519), as `placeText` writes it. */
  readonly note: string;
}

/** A checkpoint that stands on the ledger. */
export interface PlacedCheckpoint {
  readonly checkpoint: SignedCheckpoint;
  readonly ledger: SignedPlace;
}

/** An entry as everyone may see it: it says nothing. */
export interface LogEntry {
  /** Place in the log, from 0. */
  readonly index: number;
  /** SHA-256 of the body. */
  readonly entry: Bytes32;
}

/** What shows that an entry stands in the tree of a log's first entries. */
export interface InclusionProof {
  /** The entry. */
  readonly entry: Bytes32;
  /** RFC 9162 root of the tree. */
  readonly root: Bytes32;
  /** RFC 9162 §2.1.3: hashes from the leaf up. */
  readonly proof: readonly Bytes32[];
}

/** What shows that a log has only grown. */
export interface ConsistencyProof {
  /** RFC 9162 root of the smaller tree. */
  readonly before: Bytes32;
  /** RFC 9162 root of the larger tree. */
  readonly after: Bytes32;
  /** RFC 9162 §2.1.4. */
  readonly proof: readonly Bytes32[];
}

/** What makes a receipt of an acknowledgement; it says nothing that is not public. */
export type EntryProof = Pick<Receipt, 'checkpoint' | 'inclusion' | 'ledger'>;

/** What is said of a receipt before a checkpoint that covers its entry stands on the ledger. */
export interface PendingReceipt {
  readonly status: 'pending';
  readonly log: LogName;
  /** Place of the entry in the log, from 0. */
  readonly index: number;
  /** How many entries of the log checkpoints on the ledger cover. */
  readonly checkpointed: number;
  /** After how many milliseconds it is worth asking again. */
  readonly retryAfter: number;
}

/** A key packet, epoch sheet or the like, sealed where it must be; base64. */
export type Base64 = string;

/** How much of a log was known where something was made from it. */
export interface KnownLog {
  readonly log: LogName;
  /** Entries, from the first. */
  readonly entries: number;
}

/** What is released with an acknowledged view. */
export interface Release {
  /** For a chart: the acknowledgements of the record versions that the right covers, in log order. */
  readonly records?: readonly Acknowledgement[];
  /** For a chart: how many entries of each log it was made from; what stands there later is not on it yet. */
  readonly known?: readonly KnownLog[];
  /** For a chart: the packet with the epoch identities, sealed to the reader. */
  readonly packet?: Base64;
  /** For the patient's own chart: the patient's word that the packet is the state of the patient's devices. */
  readonly keep?: Signed<'Keep'>;
  /** For the patient's own chart: which state coordinators say is the newest, k of them at least. */
  readonly newest?: readonly SignedNewest[];
  /** For a record: what the file is fetched with, once or more, within minutes. For an audit: the entries. */
  readonly ticket?: string;
}

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

/** What a coordinator says is the newest state of a patient's devices, with the patient's word for it. */
export interface SignedNewest extends CoordinatorSignature {
  readonly newest: NewestState;
  /** Absent if it keeps none. */
  readonly keep?: Signed<'Keep'>;
}

/** What a coordinator counted in its own organisation's copy of a log. */
export interface SignedTally extends CoordinatorSignature {
  readonly tally: Tally;
}

/** What was given of one log for an audit: by its node the checkpoint and the entries, by coordinators their counts. */
export interface ChainPart {
  readonly log: LogName;
  readonly checkpoint: SignedCheckpoint;
  readonly entries: readonly AuditedEntry[];
  readonly tallies: readonly SignedTally[];
}

/** A patient's chain as it was at an audit: all that is needed to check it again, with `network.json` alone. */
export interface SavedChain {
  readonly format: 'medseal-chain/1';
  readonly handle: Handle;
  /** Of the audit. */
  readonly acknowledgement: Acknowledgement;
  /** One for each log that could be examined. */
  readonly parts: readonly ChainPart[];
  /** Headers of its blocks, from the one after the genesis. */
  readonly blocks: readonly BatchHeader[];
}

/** What became of one submission. */
export type Outcome =
  | {
      readonly outcome: 'acknowledged';
      readonly acknowledgement: Acknowledgement;
      readonly release?: Release;
    }
  | ({ readonly outcome: 'placed' } & LedgerPlace)
  | {
      readonly outcome: 'refused';
      readonly problem: Problem;
      readonly acknowledgement?: Acknowledgement;
    };
