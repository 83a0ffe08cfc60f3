import type {
  AuditedEntry,
  Base64,
  ConsistencyProof,
  EntryProof,
  InclusionProof,
  LogEntry,
  Outcome,
  PendingReceipt,
  PlacedCheckpoint,
  SignedCheckpoint,
  SignedTally,
} from './evidence.ts';
import type { EnrolmentResult, AttestedFacts, FactsQuery } from './facts.ts';
import type { ProvenSheet } from './epochs.ts';
import type { Address, Bytes32, Handle, Hex, LogName } from './ids.ts';
import type { LedgerBlock } from './LedgerBlock.ts';
import type { LogBatch } from './LogBatch.ts';
import type { NetworkFile } from './NetworkFile.ts';
import type { EvidenceType, Grant, RuleType, Signed, Suspension } from './requests.ts';

/** Where an entry stands. */
export interface LogPlace {
  readonly log: LogName;
  /** Place in the log, from 0. */
  readonly index: number;
}

/** A signed request with what goes along, unsigned but bound by the request. */
export interface Submission {
  readonly request: Signed<RuleType | EvidenceType>;
  /** Opening of the grant that an evidence request relies on. */
  readonly opening?: Grant;
  /**
   * `View` of a chart: entries that it should be made after, such as what the reader was acknowledged elsewhere. It is
   * waited for them some seconds at most; the chart says what it was made from.
   */
  readonly after?: readonly LogPlace[];
  /** `Grant`: the grantee's key packet. `Revoke`: the packets of those who keep a right, with their grants. */
  readonly packets?: readonly DepositedPacket[];
  /** `Grant`: the patient's `Keep` of its packet alone, for a grant does not name its packet; nobody can swap it. */
  readonly keep?: Signed<'Keep'>;
  /** `CommitEpochs`: every sheet of the commitment, with its proof. */
  readonly sheets?: readonly ProvenSheet[];
}

/** A suspension, or its lifting, with the signatures of the authority's members. */
export interface SignedSuspension {
  readonly message: Suspension;
  /** 65 bytes each: r ‖ s ‖ v over the EIP-712 digest. */
  readonly signatures: readonly Hex[];
}

/** What a patient has nodes keep, with the request that binds it. */
export interface PatientDeposit {
  readonly request: Signed<'Keep'>;
  /** What the patient's devices know, sealed to the patient. */
  readonly state: Base64;
  /** Packets for the present epoch or coming ones, for those who keep a right. */
  readonly packets: readonly DepositedPacket[];
}

/** A sealed key packet and the grant that it serves. */
export interface DepositedPacket {
  readonly grant: Bytes32;
  /** The newest epoch that it opens. */
  readonly epoch: number;
  readonly packet: Base64;
}

/** What a party says of itself that others need: public, and checked against the Registry. */
export interface PartyCard {
  readonly party: Address;
  /** The party's age recipient. */
  readonly recipient: string;
}

/** An application with the card that it is about. */
export interface SignedApplication {
  readonly application: Signed<'Application'>;
  readonly card: PartyCard;
}

/** A letter from one party to another, which only its reader can open. */
export interface SentLetter {
  readonly request: Signed<'Letter'>;
  /** An age file, sealed to the reader. */
  readonly sealed: Base64;
}

/** What is asked for of one log, once an audit was acknowledged. */
export interface AuditQuery {
  /** What the audit released. */
  readonly ticket: string;
  /** EIP-712 digest of the audit's request. */
  readonly request: Bytes32;
  readonly log: LogName;
  /** Size and root of the checkpoint that is asked about; the client chose and verified it. */
  readonly size: number;
  readonly root: Bytes32;
}

/** A part of a file: from a byte, counted from 0, to before another. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/** A tile of a log (C2SP tlog-tiles). */
export interface TileQuery {
  readonly log: LogName;
  /** 0 for leaf hashes, n for hashes of subtrees of 256^n leaves; `entries` for the entries themselves. */
  readonly level: number | 'entries';
  /** Place of the tile in its level. */
  readonly index: number;
  /** 1 to 256 hashes or entries. */
  readonly width: number;
}

/**
 * The door of an organisation's node: all that a visitor can ask of it. Every value that goes in or out can be
 * encoded as JSON, except sealed files, which stream.
 */
export interface AgentPort {
  /** The network file that the node runs by; a client compares it with the pinned one. */
  network(): Promise<NetworkFile>;
  /**
   * Submits signed requests; each is judged for itself, in the order given.
   * @returns An outcome for each; a refusal is an outcome, not a throw.
   */
  submit(submissions: readonly Submission[]): Promise<readonly Outcome[]>;
  /**
   * Puts a sealed file of an enrolled party into the vault under a lease, until an entry names it.
   * @throws MedsealError `FILE_MISMATCH` if what arrives is not what was announced; `QUOTA_SPENT`.
   */
  upload(request: Signed<'Upload'>, content: AsyncIterable<Uint8Array>): Promise<void>;
  /**
   * How many bytes a sealed file has that an acknowledged view released.
   * @throws MedsealError `RELEASE_UNKNOWN` if the ticket does not release it; `FILE_ABSENT`.
   */
  fileSize(ticket: string, hash: Bytes32): Promise<number>;
  /**
   * Streams a sealed file that an acknowledged view released, or a part of it.
   * @throws MedsealError `RELEASE_UNKNOWN` if the ticket does not release it; `FILE_ABSENT`; `RANGE_OUTSIDE`.
   */
  download(ticket: string, hash: Bytes32, range?: ByteRange): AsyncIterable<Uint8Array>;
  /** What coordinators say of a party and a patient, one answer each, for the client to compare. */
  facts(query: FactsQuery): Promise<readonly AttestedFacts[]>;
  /** A party's card. Not trusted: the client checks its hash against the coordinators' facts. */
  card(party: Address): Promise<PartyCard>;
  /**
   * Has nodes keep a party's card in place of the one before. Anyone may bring it: it is the one that the Registry has
   * the hash of.
   * @throws MedsealError `REQUEST_MALFORMED` if it is not.
   */
  keepCard(card: PartyCard): Promise<void>;
  /** A patient's sheet for an epoch. Not trusted: the client checks its proof. */
  sheet(query: { handle: Handle; epoch: number }): Promise<ProvenSheet>;
  /**
   * What makes a receipt of the acknowledgement of an entry, once a checkpoint that covers it is on the ledger; before
   * that, how far the log is checkpointed. The body stays with those who were given it.
   * @throws MedsealError `NOT_FOUND` if the log has no such entry.
   */
  receipt(query: { log: LogName; index: number }): Promise<EntryProof | PendingReceipt>;
  /** The newest checkpoint of a log. */
  checkpoint(log: LogName): Promise<SignedCheckpoint>;
  /**
   * The bytes of a tile: hashes of 32 bytes, or of each entry its length in 2 bytes big-endian and the entry.
   * @throws MedsealError `NOT_FOUND` if the log has no such tile yet.
   */
  tile(query: TileQuery): Promise<Hex>;
  /** Checkpoints of a log that stand on the ledger, of more than so many entries, some dozens at a time. */
  checkpoints(query: { log: LogName; from: number }): Promise<readonly PlacedCheckpoint[]>;
  /** Entries of a log from an index on, some hundred at a time; none if there is no further one. */
  entries(query: { log: LogName; from: number }): Promise<readonly LogEntry[]>;
  /**
   * What shows that an entry stands in the tree of the first `size` entries.
   * @throws MedsealError `NOT_FOUND` if the log is not that long.
   */
  inclusion(query: { log: LogName; index: number; size: number }): Promise<InclusionProof>;
  /**
   * What shows that the tree of the first `to` entries extends that of the first `from`.
   * @throws MedsealError `NOT_FOUND` if the log is not that long.
   */
  consistency(query: { log: LogName; from: number; to: number }): Promise<ConsistencyProof>;
  /** Blocks of the ledger from a number on, some dozens at a time; none if there is no further one. */
  blocks(query: { from: number }): Promise<readonly LedgerBlock[]>;
  /** P1's batches of a log, from a number on, some hundred at a time; none if there is no further one. */
  batches(query: { log: LogName; from: number }): Promise<readonly LogBatch[]>;
  /**
   * The entries of a log that concern the patient of an acknowledged audit, from an index on, some hundred at a
   * time; none if there is no further one.
   * @throws MedsealError `RELEASE_UNKNOWN` if the ticket does not release them.
   */
  audit(query: AuditQuery & { readonly from: number }): Promise<readonly AuditedEntry[]>;
  /**
   * What coordinators count for the patient of an acknowledged audit, for the client to compare with the list.
   * @throws MedsealError `RELEASE_UNKNOWN` if the ticket does not release it.
   */
  tallies(query: AuditQuery): Promise<readonly SignedTally[]>;
  /**
   * Has nodes keep the state of a patient's devices, and packets.
   * @throws MedsealError `STATE_STALE` if they keep a newer one, or another of this number.
   */
  keep(keepsake: PatientDeposit): Promise<void>;
  /**
   * Carries what the authority signed to the ledger: a party is suspended, or is so no longer.
   * @throws MedsealError `SIGNATURE_INVALID` where too few members signed; `RULE_REFUSED`.
   */
  suspend(suspension: SignedSuspension): Promise<{ transaction: Bytes32; block: number }>;
  /**
   * Has nodes keep a letter until its reader takes it, or its day has passed.
   * @throws MedsealError `PARTY_UNKNOWN` if the reader is not enrolled; `QUOTA_SPENT`.
   */
  send(letter: SentLetter): Promise<void>;
  /** Gives a party the letters that wait for it, some at a time, and forgets those that it has taken. */
  collect(request: Signed<'Collect'>): Promise<readonly SentLetter[]>;
  /** Hands an application to the authority and waits for its decision. */
  apply(application: SignedApplication): Promise<EnrolmentResult>;
}
