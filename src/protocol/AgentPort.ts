// Over 400 lines: one interface is all that an agent answers, and its docs make the HTTP operations’ page.
import type {
  Acknowledgement,
  AuditedEntry,
  Base64,
  ConsistencyProof,
  EntryProof,
  InclusionProof,
  LedgerPlace,
  LogEntry,
  Outcome,
  PendingReceipt,
  PlacedCheckpoint,
  SignedCheckpoint,
  SignedErased,
  SignedKept,
  SignedTally,
} from './evidence/evidence.ts';
import type { ByteStream } from './ByteStream.ts';
import type { ListedPart, ChartPartAsked } from './evidence/chartPart.ts';
import type { InsuranceClaim } from './care/claims.ts';
import type { EnrolmentResult, AttestedFacts, FactsQuery } from './evidence/facts.ts';
import type { ProvenSheet } from './rights/epochs.ts';
import type { Address, Bytes32, Handle, Hex, LogName, Organisation } from './ids.ts';
import type { LedgerBlock } from './network/LedgerBlock.ts';
import type { LedgerAnswer, LedgerCall } from './network/LedgerCall.ts';
import type { LogBatch } from './evidence/LogBatch.ts';
import type { NetworkFile } from './network/NetworkFile.ts';
import type { PlacedSuccessor, Successor, SuccessorsFile } from './network/Successor.ts';
import type { PortalStatement } from './portal/portalStatement.ts';
import type {
  EvidenceType,
  Grant,
  RuleType,
  Signed,
  KeyProof,
  SignedKeyChange,
  SignedRecovery,
  Suspension,
  CareType,
} from './struct/requests.ts';
import type { ReleaseAsked } from './release/ReleaseAsked.ts';
import type { ReleasedShares } from './release/ReleasedShares.ts';
import type { ReleasesTold } from './release/ReleasesTold.ts';
import type { RightOpening } from './rights/RightOpening.ts';
import type { SignedReadings } from './sensors/ReadingsHeader.ts';
import type { Will } from './care/vitalRecords.ts';
import type { Mandate, MandateType } from './care/mandates.ts';
import type { UnitType } from './struct/unitTypes.ts';
import type { ListedPair, ViewPair } from './evidence/viewSet.ts';
import type { VitalType } from './struct/vitalTypes.ts';

/** Place of an entry. */
export interface LogPlace {
  readonly log: LogName;
  /** Place in the log, from 0. */
  readonly index: number;
}

/** A signed request with its unsigned data, which the request binds. */
export interface Submission {
  readonly request: Signed<RuleType | EvidenceType | CareType>;
  /** Opening of the grant or mandate that an evidence request relies on. */
  readonly opening?: RightOpening;
  /**
   * A rule that a key signed which acts for the patient: openings of its mandate and of that of who appointed the key. They show when
   * these end exactly, which the ledger hides.
   */
  readonly mandates?: readonly Mandate[];
  /** Opening of the patient's will, where a view relies on a grant that holds on after death. */
  readonly will?: Will;
  /** `Write` of a batch of readings: what the device signed. Its record is named after it. */
  readonly readings?: SignedReadings;
  /** `ViewSet`: the record versions that it names, in the order of their leaves (`listPairs`). */
  readonly pairs?: readonly ViewPair[];
  /**
   * `View` of a chart: entries that the chart should include, such as those that were acknowledged to the reader
   * elsewhere. The node waits for them some seconds at most; the chart says which entries it was made from.
   */
  readonly after?: readonly LogPlace[];
  /** `View` of a chart: the part of its list that is wanted; all of it if absent. */
  readonly part?: ChartPartAsked;
  /** `Grant`: the grantee's key packet. `Revoke`: the packets of those who keep a right, with their grants. */
  readonly packets?: readonly DepositedPacket[];
  /** `Grant`: the patient's `Keep` of its packet alone, for a grant does not name its packet; nobody can swap it. */
  readonly keep?: Signed<'Keep'>;
  /** `CommitEpochs`: every sheet of the commitment, with its proof. */
  readonly sheets?: readonly ProvenSheet[];
  /**
   * `Prescription`: signature of the doctor who signs beside the prescriber, if it names one. `Dispense`: that of the
   * slip's key. `PassPrescription`: that of the former holder's key. A claim or a step of one: that of the account which
   * acts on the ledger (`claimAccountOf`), if it is not the party's own. Over the request's digest.
   */
  readonly cosignature?: Hex;
  /** `Prescription`: the acknowledgement with which the prescriber put its record on the chart. */
  readonly written?: Acknowledgement;
  /** A step of a claim: the claim, as its claimant signed it. `InsuranceClaim`: the authorisation that it uses up, if it names one. */
  readonly claim?: InsuranceClaim;
  /** `InsuranceClaim`, `ClaimSupplement`: the acknowledgements of the entries that its terms name. */
  readonly entries?: readonly Acknowledgement[];
  /** `InsuranceClaim`: public keys of those who are paid and wrote no record under their present key, 65 bytes each. */
  readonly publicKeys?: readonly Hex[];
  /**
   * `InsuranceClaim`, `ClaimSupplement`: openings of the grants by which the insurer may read those records. `Prescription`:
   * that of the grant by which its record was written, alone.
   */
  readonly openings?: readonly Grant[];
  /**
   * `InsuranceClaim`: the bill as whoever treated signed it, then as the patient did, if its total is more than that of the
   * claim before; none for an authorisation in advance.
   */
  readonly bills?: readonly Signed<'Bill'>[];
}

/** A suspension, or its lifting, with the signatures of the authority's members. */
export interface SignedSuspension {
  readonly message: Suspension;
  /** 65 bytes each: r ‖ s ‖ v over the EIP-712 digest. */
  readonly signatures: readonly Hex[];
}

/** A deposit of a patient, with the request that binds it. */
export interface PatientDeposit {
  readonly request: Signed<'Keep'>;
  /** State of the patient's devices, sealed to the patient. */
  readonly state: Base64;
  /** Packets for the present epoch or coming ones, for grantees who keep a right. */
  readonly packets: readonly DepositedPacket[];
}

/** A sealed key packet and the grant that it serves. */
export interface DepositedPacket {
  readonly grant: Bytes32;
  /** The newest epoch that it opens. */
  readonly epoch: number;
  readonly packet: Base64;
}

/** A party's public data that others need, checked against the Registry. */
export interface PartyCard {
  readonly party: Address;
  /** The party's age recipient. */
  readonly recipient: string;
  /** The changes that prove the party's present key, oldest first; absent if its first key signs. */
  readonly keyChanges?: readonly KeyProof[];
}

/** A change of a party's key, with the card that it is about. */
export interface KeyChangeAsked {
  readonly change: SignedKeyChange;
  readonly card: PartyCard;
}

/** A recovery of a key as the authority signed it and the ledger took it. */
export type BegunRecovery = Pick<SignedRecovery, 'message' | 'signatures'>;

/** A birth, a death, what undoes it, or a will. */
export interface VitalAsked {
  readonly request: Signed<VitalType>;
  /** Of an `UndoVital`: the signature of the party that signs beside the first. */
  readonly second?: Hex;
  /** Of a `Birth` that names the mother: her permission. */
  readonly link?: Signed<'BirthLink'>;
}

/** An issue of settlement units, or a redemption. */
export interface UnitsAsked {
  /** Of an `IssueUnits`, its party is the seat of the authority that signed; of a `RedeemUnits`, the holder. */
  readonly request: Signed<UnitType>;
  /** Of a `RedeemUnits`: the signature of the seat whose organisation pays. */
  readonly second?: Hex;
}

/** A settlement that is due on the ledger, which anybody may ask for. */
export type SettlementAsked =
  /** Ends a term of a claim that is over, and pays what was held: the claim in full, as its claimant signed it. */
  | { readonly due: 'lapse'; readonly claim: InsuranceClaim }
  /** Opens the lot of the side of a claim that did not dispute it. */
  | { readonly due: 'lot'; readonly claim: InsuranceClaim; readonly lot: Bytes32 };

/** Answer to such a question. */
export interface Settled {
  /** Place on the ledger; absent if nothing was left to settle. */
  readonly place?: LedgerPlace;
}

/** An application with the card that it is about. */
export interface SignedApplication {
  readonly application: Signed<'Application'>;
  readonly card: PartyCard;
}

/** A letter from one party to another, which only its reader can open. */
export interface SentLetter {
  readonly request: Signed<'Letter'>;
  /**
   * Name (`nameOfCare`) of the step on the ledger that the letter tells of: a dispense, or a step of a claim. The letter's salt is
   * its beginning, so its sender signed that. Of each step one letter to each reader it concerns waits beside all quotas.
   */
  readonly step?: Bytes32;
  /** An age file, sealed to the reader. */
  readonly sealed: Base64;
}

/** Openings of the rights that a party has, in ascending order of their digests. */
export interface RightsPage {
  readonly rights: readonly Grant[];
  /** True if there may be further ones, after the last. */
  readonly more: boolean;
}

/** A party has one of its browsers told that there is news, or no longer; or it only asks which browsers are. */
export interface NotifyAsked {
  readonly request: Signed<'Notify'>;
  /** The browser's address at its push service, whose hash is signed; absent if it is no longer told, or nothing changes. */
  readonly endpoint?: string;
}

/** The browsers of a party that are told by its organisation that there is news. */
export interface ToldBrowsers {
  /**
   * The public key that push services know the organisation's node by: an uncompressed point of P-256 in base64url. Absent if the
   * organisation tells nobody.
   */
  readonly key?: string;
  readonly browsers: readonly {
    /** SHA-256 of the browser's address at its push service. */
    readonly endpoint: Bytes32;
    /** Host of the push service. */
    readonly service: string;
    /** First second at which it is no longer told. */
    readonly until: number;
  }[];
}

/** A question about one log for an acknowledged audit or chain, or about what a chart has of it. */
export interface AuditQuery {
  /** Ticket that it released. */
  readonly ticket: string;
  /** EIP-712 digest of its request. */
  readonly request: Bytes32;
  readonly log: LogName;
  /** Size and root of the checkpoint that is asked about; the client chose and verified it. */
  readonly size: number;
  readonly root: Bytes32;
  /** For a chart under a right: opening of the grant or mandate, by which the coordinators judge again. */
  readonly opening?: RightOpening;
  /** For a chart of the dead: opening of the will that lets the right stand. */
  readonly will?: Will;
  /** For a chart: the part of it that is asked about; all of it if absent. */
  readonly part?: ListedPart;
}

/** Question which record versions sets of views among the entries of an acknowledged audit or chain name. */
export interface ListsAsked {
  /** Ticket that it released. */
  readonly ticket: string;
  /** EIP-712 digest of its request. */
  readonly request: Bytes32;
  readonly log: LogName;
  /** Places of the entries of the sets in the log. */
  readonly places: readonly number[];
}

/** Question for which views of a chart that is audited an organisation's coordinator released shares. */
export interface ReleasesAsked {
  /** Ticket that the audit released. */
  readonly ticket: string;
  /** EIP-712 digest of its request. */
  readonly request: Bytes32;
  readonly organisation: Organisation;
  /** Only releases from this moment on, Unix seconds; 0 for all. */
  readonly since: number;
  /** Number of them that are left out, the earliest first: at most 256 are told at once. */
  readonly from: number;
}

/** Question whether an organisation has destroyed what an entry on a chart that is audited erases. */
export interface ErasedAsked extends LogPlace {
  /** Ticket that the audit released. */
  readonly ticket: string;
  /** EIP-712 digest of its request. */
  readonly request: Bytes32;
  readonly organisation: Organisation;
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
 * Port of an organisation's agent: all calls that a client can make. Every value that goes in or out can be encoded as
 * JSON, except sealed files, which stream.
 */
export interface AgentPort {
  /** Returns the network file that the node uses; a client compares it with the pinned one. */
  network(): Promise<NetworkFile>;
  /**
   * Submits signed requests; each is judged separately, in the given order.
   * @returns An outcome for each; a refusal is an outcome, not a throw.
   */
  submit(submissions: readonly Submission[]): Promise<readonly Outcome[]>;
  /**
   * Puts a sealed file of an enrolled party into the vault under a lease, until an entry names it.
   * @throws MedsealError `FILE_MISMATCH` if the content does not match the request; `QUOTA_SPENT`.
   */
  upload(request: Signed<'Upload'>, content: ByteStream): Promise<void>;
  /**
   * Returns the size in bytes of a sealed file that an acknowledged view released.
   * @throws MedsealError `RELEASE_UNKNOWN` if the ticket does not release it; `FILE_ABSENT`.
   */
  fileSize(ticket: string, hash: Bytes32): Promise<number>;
  /**
   * Streams a sealed file that an acknowledged view released, or a part of it.
   * @throws MedsealError `RELEASE_UNKNOWN` if the ticket does not release it; `FILE_ABSENT`; `RANGE_OUTSIDE`.
   */
  download(ticket: string, hash: Bytes32, range?: ByteRange): AsyncIterable<Uint8Array>;
  /** Returns each coordinator's facts about a party and a patient, for the client to compare. */
  facts(query: FactsQuery): Promise<readonly AttestedFacts[]>;
  /** Returns a party's card. Not trusted: the client checks its hash against the coordinators' facts. */
  card(party: Address): Promise<PartyCard>;
  /**
   * Deposits a party's card with nodes in place of the former one. Any caller may do so: the Registry has the hash of
   * the card.
   * @throws MedsealError `REQUEST_MALFORMED` if the hash differs.
   */
  keepCard(card: PartyCard): Promise<void>;
  /** Returns a patient's sheet for an epoch. Not trusted: the client checks its proof. */
  sheet(query: { handle: Handle; epoch: number }): Promise<ProvenSheet>;
  /**
   * Returns the proof that turns the acknowledgement of an entry into a receipt, once a checkpoint that covers it is on
   * the ledger; before that, how far the log is checkpointed. It does not contain the body.
   * @throws MedsealError `NOT_FOUND` if the log has no such entry.
   */
  receipt(query: { log: LogName; index: number }): Promise<EntryProof | PendingReceipt>;
  /** Returns the newest checkpoint of a log. */
  checkpoint(log: LogName): Promise<SignedCheckpoint>;
  /**
   * Returns the bytes of a tile: hashes of 32 bytes, or for each entry its length in 2 bytes big-endian and the entry.
   * @throws MedsealError `NOT_FOUND` if the log has no such tile yet.
   */
  tile(query: TileQuery): Promise<Hex>;
  /** Returns checkpoints of a log that are on the ledger and have more than `from` entries, some dozens at once. */
  checkpoints(query: { log: LogName; from: number }): Promise<readonly PlacedCheckpoint[]>;
  /** Returns entries of a log from an index on, some hundred at once; empty at the end of the log. */
  entries(query: { log: LogName; from: number }): Promise<readonly LogEntry[]>;
  /**
   * Returns the proof that an entry is in the tree of the first `size` entries.
   * @throws MedsealError `NOT_FOUND` if the log is not that long.
   */
  inclusion(query: { log: LogName; index: number; size: number }): Promise<InclusionProof>;
  /**
   * Returns the proof that the tree of the first `to` entries extends that of the first `from`.
   * @throws MedsealError `NOT_FOUND` if the log is not that long.
   */
  consistency(query: { log: LogName; from: number; to: number }): Promise<ConsistencyProof>;
  /** Returns blocks of the ledger from a number on, some dozens at once; empty after the newest block. */
  blocks(query: { from: number }): Promise<readonly LedgerBlock[]>;
  /**
   * Answers a call of Ethereum JSON-RPC that only reads the ledger.
   * @throws MedsealError `REQUEST_MALFORMED` for any other; `REQUEST_TOO_LARGE` for too many blocks or too large an answer;
   * `NOT_FOUND` if the organisation does not let the ledger be read; `OVERLOADED`; of the ledger.
   */
  ledger(call: LedgerCall): Promise<LedgerAnswer>;
  /** Returns P1's batches of a log, from a number on, some hundred at once; empty after the last batch. */
  batches(query: { log: LogName; from: number }): Promise<readonly LogBatch[]>;
  /**
   * Returns the entries of a log that an acknowledged audit or chain lists, from an index on, some hundred at
   * once; empty after the last one.
   * @throws MedsealError `RELEASE_UNKNOWN` if the ticket does not release them.
   */
  audit(query: AuditQuery & { readonly from: number }): Promise<readonly AuditedEntry[]>;
  /**
   * Returns the record versions that sets of views name, for sets that an acknowledged audit or chain lists, in the order of the
   * places. Each list hashes to the root that was signed; one that nobody gave is empty.
   * @throws MedsealError `RELEASE_UNKNOWN` if the ticket does not release them.
   */
  lists(query: ListsAsked): Promise<readonly (readonly ListedPair[])[]>;
  /**
   * Returns the coordinators' counts for an acknowledged audit, chain or chart, for the client to compare with the list.
   * @throws MedsealError `RELEASE_UNKNOWN` if the ticket does not release it.
   */
  tallies(query: AuditQuery): Promise<readonly SignedTally[]>;
  /**
   * Returns the shares that coordinators release for views of records that stand in the agent's log, sealed to the recipient
   * to which the views commit. Verify them.
   * Fewer may release for one view than for another, and too few for some.
   * @throws MedsealError `RELEASE_PENDING` if no organisation answers now; `RIGHT_ENDED` and other reasons of
   * so many refusals of the whole call that the others are too few; `NOT_FOUND` if the log has no such view.
   */
  release(asked: ReleaseAsked): Promise<readonly ReleasedShares[]>;
  /**
   * Returns the notes of an organisation's coordinator that it released shares for views of a chart, for an acknowledged audit of
   * it, and how many there are. Verify them. Whoever keeps a note back lies; silence proves nothing.
   * @throws MedsealError `RELEASE_UNKNOWN` if the ticket does not release them; `NOT_FOUND`; `PEER_UNREACHABLE`.
   */
  releases(query: ReleasesAsked): Promise<ReleasesTold>;
  /**
   * Returns an organisation's signed statement that it has destroyed what an entry erases, for an acknowledged audit of the chart. Verify it.
   * @throws MedsealError `RELEASE_UNKNOWN` if the ticket does not release it; `NOT_FOUND`; `NOT_YET` if it has not; `PEER_UNREACHABLE`.
   */
  erased(query: ErasedAsked): Promise<SignedErased>;
  /**
   * Deposits the state of a patient's devices, and packets, with nodes.
   * @returns Signatures of coordinators of k organisations or more that keep it. Not trusted: the client counts them.
   * @throws MedsealError `STATE_STALE` if they have a newer state, or another one with this revision; `EPOCH_STALE` if a right of a
   * packet ended meanwhile, or the keys turned.
   */
  keep(deposit: PatientDeposit): Promise<readonly SignedKept[]>;
  /**
   * Returns the organisation's signed statement about the portal that this agent serves. Verify it.
   * @throws MedsealError `NOT_FOUND` if it serves none.
   */
  portal(): Promise<PortalStatement>;
  /** Returns the successors of the network's first file, oldest first, those to come too. Verify them. */
  successors(): Promise<SuccessorsFile>;
  /**
   * Has the node take a signed successor of the network file, and the changes that belong to it to the ledger.
   * @throws MedsealError `SUCCESSOR_INVALID`, `NETWORK_FILE_INVALID`; `RULE_REFUSED`.
   */
  succeed(successor: Successor): Promise<PlacedSuccessor>;
  /**
   * Sends a suspension that the authority signed, or its lifting, to the ledger.
   * @throws MedsealError `SIGNATURE_INVALID` if too few members signed; `RULE_REFUSED`.
   */
  suspend(suspension: SignedSuspension): Promise<{ transaction: Bytes32; block: number }>;
  /**
   * Sends a change of a party's key to the ledger, and deposits the card with nodes.
   * @throws MedsealError `SIGNATURE_INVALID` unless the present key and the new one signed it; `PARTY_SUSPENDED`;
   * `RULE_REFUSED`.
   */
  changeKey(asked: KeyChangeAsked): Promise<{ transaction: Bytes32; block: number }>;
  /**
   * Sends the recovery of a key that the authority and the new key signed to the ledger, which begins the delay.
   * @throws MedsealError `SIGNATURE_INVALID` if too few members signed; `RECOVERY_UNFIT`; `RULE_REFUSED`.
   */
  recover(recovery: SignedRecovery): Promise<{ transaction: Bytes32; block: number }>;
  /**
   * Returns the recovery of a party's key that was begun last, as members of the authority signed it. Verify it.
   * @throws MedsealError `NOT_FOUND` if none ever was.
   */
  recovery(party: Address): Promise<BegunRecovery>;
  /**
   * Sends a party's veto against a recovery of its key to the ledger, whichever organisation it belongs to, suspended or not.
   * @throws MedsealError `SIGNATURE_INVALID` unless the present key signed it; `RULE_REFUSED` if no recovery is under way.
   */
  veto(request: Signed<'Veto'>): Promise<{ transaction: Bytes32; block: number }>;
  /**
   * Sends a birth, a death, what undoes it, or a will to the ledger.
   * @throws MedsealError `CONTRACT_ABSENT`; `SIGNATURE_INVALID`, `RIGHT_MISSING` unless those whom it names signed it;
   * `PARTY_SUSPENDED`; `RULE_REFUSED` with the contract's reason.
   */
  vital(asked: VitalAsked): Promise<{ transaction: Bytes32; block: number }>;
  /**
   * Sends a mandate, or its end, to the ledger.
   * @throws MedsealError `CONTRACT_ABSENT`; `SIGNATURE_INVALID`, `RIGHT_MISSING` unless the patient or a key that acts for the patient
   * signed it; `PARTY_SUSPENDED`; `RULE_REFUSED` with the contract's reason.
   */
  mandate(request: Signed<MandateType>): Promise<{ transaction: Bytes32; block: number }>;
  /**
   * Sends an issue or a redemption of settlement units to the ledger.
   * @throws MedsealError `CONTRACT_ABSENT`; `SIGNATURE_INVALID` unless a seat of the organisation, and the holder, signed
   * it; `RULE_REFUSED` with the contract's reason.
   */
  units(asked: UnitsAsked): Promise<{ transaction: Bytes32; block: number }>;
  /**
   * Sends a settlement that is due to the ledger: the end of a claim's term, or a lot.
   * @throws MedsealError `CONTRACT_ABSENT`; `NOT_FOUND` for an unknown claim; `RULE_REFUSED` with the contract's reason.
   */
  settle(asked: SettlementAsked): Promise<Settled>;
  /**
   * Deposits a letter with nodes until its reader takes it, or its time has passed.
   * @throws MedsealError `PARTY_UNKNOWN` if the reader is not enrolled; `QUOTA_SPENT`.
   */
  send(letter: SentLetter): Promise<void>;
  /** Returns letters that wait for a party, some at once, and deletes those that it has taken. */
  collect(request: Signed<'Collect'>): Promise<readonly SentLetter[]>;
  /**
   * Returns openings of the standing rights that a party has, some at once. Not trusted: the client confirms each with
   * the ledger.
   */
  findRights(request: Signed<'FindRights'>): Promise<RightsPage>;
  /**
   * Has one of a party's browsers told that there is news, or no longer, and returns those that are.
   * @throws MedsealError `NOT_FOUND` for a push service that the node does not call; `QUOTA_SPENT`.
   */
  notify(asked: NotifyAsked): Promise<ToldBrowsers>;
  /** Hands an application to the authority and waits for its decision. */
  apply(application: SignedApplication): Promise<EnrolmentResult>;
}
