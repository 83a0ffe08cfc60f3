import type { RightOpening } from '../protocol/rights/RightOpening.ts';
import type { Problem } from '../errors/MedsealError.ts';
import type { CopiedEntry } from '../log/EvidenceLog.ts';
import type {
  LogPlace,
  PartyCard,
  PatientDeposit,
  ReleasesAsked,
  SentLetter,
  SignedApplication,
  Submission,
} from '../protocol/AgentPort.ts';
import type { ProvenSheet } from '../protocol/rights/epochs.ts';
import type {
  Acknowledgement,
  Base64,
  CoordinatorSignature,
  SignedErased,
  SignedKept,
  SignedNewest,
  SignedTally,
  PlacedCheckpoint,
  SignedVerdict,
} from '../protocol/evidence/evidence.ts';
import type { ListedPart } from '../protocol/evidence/chartPart.ts';
import type { AttestedFacts, FactsQuery } from '../protocol/evidence/facts.ts';
import type { Address, Bytes32, Hex, LogName } from '../protocol/ids.ts';
import type { EvidenceSupport } from '../protocol/evidence/judgeEvidence.ts';
import type { LogConflict } from '../protocol/evidence/LogConflict.ts';
import type { PairInSet } from '../protocol/release/releasedView.ts';
import type { SealAsked } from '../protocol/release/ReleaseAsked.ts';
import type { ReleasedShares } from '../protocol/release/ReleasedShares.ts';
import type { ReleasesTold } from '../protocol/release/ReleasesTold.ts';
import type {
  Advance,
  Enrolment,
  Grant,
  NewestState,
  Signed,
  Suspension,
  Verdict,
} from '../protocol/struct/requests.ts';
import type { ListedPair } from '../protocol/evidence/viewSet.ts';
import type { Will } from '../protocol/care/vitalRecords.ts';
import type { FileIdentity } from '../vault/Vault.ts';
import type { BlockDigest } from './IndexDigests.ts';
import type { SheetWanted } from './deposits/depositKeys.ts';

/** A client's question about facts, as its node passes it on. */
export interface FactsAsked extends FactsQuery {
  /** The block that the node's view stands at: an answer from an earlier one could differ. */
  readonly block: number;
}

/** A body to be judged, with its openings and other support. */
export interface JudgedBody extends Omit<EvidenceSupport, 'readings'> {
  /** Canonical JSON. */
  readonly body: string;
}

/** An item of an array that was not accepted. */
export interface RefusedItem {
  readonly index: number;
  readonly problem: Problem;
  /** Of a set of views: ascending places in its list that are judged otherwise than its body says. If absent, the set itself is refused. */
  readonly pairs?: readonly number[];
}

/** A coordinator's answer to an array of bodies. */
export interface Judgement {
  /** Those that it does not agree to, each with its reason. */
  readonly refused: readonly RefusedItem[];
  /** Its verdict over all others, in the order given; absent if it refused all. */
  readonly verdict?: CoordinatorSignature & { readonly verdict: Verdict };
}

/** Entries that a coordinator is to count. */
export interface TallyQuery {
  /** Entry of the audit, chain or chart: it shows who asks, and that k coordinators judged that the party may know. */
  readonly audit: Acknowledgement;
  readonly log: LogName;
  /** Size and root of the checkpoint that is counted to. */
  readonly size: number;
  readonly root: Bytes32;
  /** For a chart under a right: opening of the grant, and for one of the dead that of the will. */
  readonly opening?: RightOpening;
  readonly will?: Will;
  /** For a chart: the part that is counted; all of it if absent. */
  readonly part?: ListedPart;
}

/** Question of a patient who audits their chart for which views of it, in whatever log, a coordinator released shares. */
export interface ReleasesQuery extends Pick<ReleasesAsked, 'since' | 'from'> {
  /** Entry of the audit: it shows that k coordinators judged that the party may know. */
  readonly audit: Acknowledgement;
}

/** Question of a patient who audits their chart whether an organisation has destroyed what an entry erases. */
export interface ErasedQuery extends LogPlace {
  /** Entry of the audit: it shows that k coordinators judged that the party may know. */
  readonly audit: Acknowledgement;
}

/** A verdict at its place in a log. */
export interface PlacedVerdict extends CoordinatorSignature {
  readonly verdict: Verdict;
  /** Start of what it covers, counted from the first presented entry. */
  readonly from: number;
  /** Set if not all that it covers follows in the log: proof that it covers the one entry there. */
  readonly part?: Pick<SignedVerdict, 'index' | 'proof'>;
}

/** A checkpoint to sign, with proof that the log may be so. */
export interface CheckpointRequest {
  readonly log: LogName;
  /** The checkpoint as a C2SP signed note: the log's own word, which convicts it if an entry was not judged. */
  readonly note: string;
  /** Entries of the log after those that the coordinator knows, as many as fit in one call. */
  readonly entries: readonly Bytes32[];
  /** Place of the first of them. */
  readonly from: number;
  /** Verdicts on them. */
  readonly verdicts: readonly PlacedVerdict[];
}

/** Answer to a request for a checkpoint. */
export interface CheckpointAnswer {
  /** Number of entries that the coordinator knows now. */
  readonly known: number;
  /** Absent if it does not know all entries of the checkpoint yet. */
  readonly signed?: CoordinatorSignature;
}

/** Consecutive entries of a log as presented to a coordinator. */
export type PresentedLog = Omit<CheckpointRequest, 'log'>;

/** Views for which a coordinator is asked to release shares, with all that proves them. */
export interface ReleaseRequest {
  readonly log: LogName;
  /** The recipient to which the salts of the views commit. */
  readonly recipient: string;
  readonly views: readonly ViewToRelease[];
  /** Id of the release key; the present one if absent. */
  readonly key?: Bytes32;
  /** The ledger's block with the checkpoint over the views, for a coordinator whose ledger is a moment behind; not trusted. */
  readonly block?: number;
}

/** A view of a record with its support. */
export interface ViewToRelease extends Omit<EvidenceSupport, 'pairs' | 'records'>, SealAsked {
  readonly view: Acknowledgement;
  /** Its place among the views with this recipient, to which its salt commits. */
  readonly place: number;
  /** The record version, if it is of a set. */
  readonly pair?: PairInSet;
}

/** A checkpoint, with the right edge of its tree. */
export interface SignedEdge {
  readonly size: number;
  readonly root: Bytes32;
  /** Roots of its complete subtrees, largest first: `MerkleFrontier.peaks`. */
  readonly peaks: readonly Bytes32[];
  /** The checkpoint as the log signed it; absent if it was learnt from the ledger. */
  readonly note?: string;
}

/** Checks policy and rules for itself and signs what holds (P1's coordinating node). */
export interface CoordinatorPort {
  /**
   * Judges bodies for a log, each for itself, and keeps those that it signs a verdict for.
   * @throws MedsealError `LOG_CLOSED` if it keeps the proof that the log signed two histories, `LOG_ENDED` if the log's
   * organisation left, as `show`, `signCheckpoint` and `release` do.
   */
  judge(request: { log: LogName; bodies: readonly JudgedBody[] }): Promise<Judgement>;
  /**
   * Number of entries of a log, from the first, that it knows to have been judged: the next presented entries begin
   * there.
   */
  knownSize(log: LogName): Promise<number>;
  /** The last checkpoint of a log that it signed, with the right edge of its tree; of size 0 before the first. */
  lastSigned(log: LogName): Promise<SignedEdge>;
  /**
   * Earliest time of the block with the checkpoint of another's log that it waits for since it was restored, Unix
   * seconds: before that it signs none. 0 if it waits for none.
   */
  awaited(log: LogName): Promise<number>;
  /**
   * The size at which it ended another's log whose organisation left, durably: it signs no further checkpoint of it. Nothing if
   * it did not, such as while it signed one that the ledger lacks.
   */
  ended(log: LogName): Promise<number | undefined>;
  /** Entries of a log from a place on that were presented to it, and that no copy of its organisation holds yet. */
  shown(request: { log: LogName; from: number }): Promise<PresentedLog | undefined>;
  /** The bodies of entries of a log that it judged, in their order, some hundred at once; null for others. */
  judged(request: {
    log: LogName;
    entries: readonly Bytes32[];
  }): Promise<readonly (string | null)[]>;
  /**
   * The record versions that sets of views name, in the order of the entries; empty for an entry of no set that it judged.
   * Their roots are signed: whoever asks compares them.
   */
  listed(request: {
    log: LogName;
    entries: readonly Bytes32[];
  }): Promise<readonly (readonly ListedPair[])[]>;
  /**
   * Takes in further entries of a log that a quorum judged, durably, and signs no checkpoint: it knows each entry's
   * place in the log before anybody is told of it.
   * @returns Number of entries of the log that it knows now; as many as before if the new ones do not follow on those.
   * @throws MedsealError as `signCheckpoint`.
   */
  show(request: CheckpointRequest): Promise<number>;
  /**
   * Takes in further entries of a log that as many coordinators judged as must, and signs the checkpoint, after that is
   * synced to disk, once it knows every entry that the checkpoint covers.
   * @throws MedsealError `ENTRY_UNJUDGED` where too few judged one; `CHECKPOINT_REFUSED` if the checkpoint is not that
   * of the entries that it knows; `CHECKPOINT_AWAITED` while it waits for one since it was restored; `EVIDENCE_INVALID`
   * if the log did not sign it; `REQUEST_TOO_LARGE`.
   */
  signCheckpoint(request: CheckpointRequest): Promise<CheckpointAnswer>;
  /**
   * Keeps the proof that a log signed two histories, which another organisation found; a second one of the same log
   * changes nothing.
   * @throws MedsealError `EVIDENCE_INVALID` if it proves nothing.
   */
  takeConflict(conflict: LogConflict): Promise<void>;
  /**
   * Signs that a patient enters coming epochs, one after the other, if a right has ended by its own view.
   * @throws MedsealError `NOT_YET` if none has, or not so many epochs are due.
   */
  advance(requests: readonly Advance[]): Promise<readonly CoordinatorSignature[]>;
  /**
   * Releases its shares of the keys of record versions, for views that are logged or about to be, if their right holds now.
   * It notes durably that it does. Views that it does not release for keep none of the others from it.
   * @throws MedsealError `SHARE_ABSENT` if it has no share that the network file names; `EVIDENCE_INVALID`,
   * `RIGHT_MISSING`, `RIGHT_ENDED` or another reason why it does not release for a view that is asked for alone.
   */
  release(request: ReleaseRequest): Promise<ReleasedShares>;
  /**
   * Tells a patient who audits their chart for which of its views it released shares, whether or not a log has them.
   * @throws MedsealError `RIGHT_MISSING` if the acknowledgement is not that of an audit; `REQUEST_LATE` if it is an old one.
   */
  releases(query: ReleasesQuery): Promise<ReleasesTold>;
  /**
   * Signs for a patient who audits their chart that its organisation destroyed what an entry of a log erases, and since when no backup has it.
   * @throws MedsealError `RIGHT_MISSING`, `REQUEST_LATE` as `releases`; `NOT_FOUND` if the entry erases nothing of that chart; `NOT_YET` if
   * the ledger has no checkpoint over it, or something is still to be destroyed.
   */
  erased(query: ErasedQuery): Promise<SignedErased>;
  /**
   * Signs the check of a prescription, if by its own view its prescriber may put it on the chart now; or of a claim or a
   * supplement, if the entries that it names are what it says, the patient lets the insurer read them, and the nullifier is
   * the treatment's.
   * @throws MedsealError that says why not.
   */
  vouch(submission: Submission): Promise<CoordinatorSignature>;
  /** Gives the latest digests of its node's index of the ledger; none if the rows of that have another basis, by its SHA-256. */
  indexed(basis: Bytes32): Promise<readonly BlockDigest[]>;
  /** Attests facts from its own view of the ledger, bound to the asker's nonce. */
  attest(query: FactsAsked): Promise<AttestedFacts>;
  /**
   * Counts a patient's entries in its own organisation's copy of a log.
   * @throws MedsealError `NOT_YET` if the copy is not that long, or it is not known there whom an entry concerns
   * whose body was erased; `CHECKPOINT_REFUSED` if it is another log;
   * `RIGHT_MISSING` if the acknowledgement is not that of an audit.
   */
  tally(query: TallyQuery): Promise<SignedTally>;
}

/**
 * Data beside sealed files that nodes are asked to keep for the parties, all of it sealed or public, with the signed
 * request that binds it; only a card is bound by the Registry. Packets and sheets of rule requests
 * are handed over by `keepRules`.
 */
export type Deposit =
  | { readonly application: SignedApplication }
  | { readonly patient: PatientDeposit }
  | { readonly card: PartyCard }
  | { readonly letter: SentLetter }
  | { readonly care: Submission };

/**
 * Copy of a deposit for a peer that was away when it came, with what binds it: the ledger, or the patient's signature.
 */
export type DepositCopy =
  | { readonly submission: Submission }
  /** Without the state if a newer one replaced it. */
  | { readonly patient: Omit<PatientDeposit, 'state'> & { readonly state?: Base64 } }
  | { readonly card: PartyCard }
  | { readonly care: Submission };

/** A page of a contributor's deposits, in the order in which they came there. */
export interface DepositPage {
  /** Names the order, 16 random bytes: it is another one after the contributor has lost it. */
  readonly series: Hex;
  /** Ascending places, with the names of the deposits there. */
  readonly kept: readonly { readonly place: number; readonly id: Bytes32 }[];
}

/** Question for a patient's state, with the patient's request. */
export type StateWanted = Pick<NewestState, 'handle' | 'nonce'>;

/** The newest state of a patient's devices that an organisation keeps. */
export interface StateGiven {
  readonly said: SignedNewest;
  /** Absent if it keeps none. */
  readonly sealed?: Base64;
}

/** Keeps logs, sealed files and packets, and gives them to its peers (P1's contributor). */
export interface ContributorPort {
  /** Looks sealed files up; gives those that it holds. */
  stats(hashes: readonly Bytes32[]): Promise<readonly FileIdentity[]>;
  /**
   * Streams a sealed file to a peer.
   * @throws MedsealError `FILE_ABSENT`.
   */
  file(hash: Bytes32): AsyncIterable<Uint8Array>;
  /** Sealed files of up to 16 KiB, some hundred at once, in their order; null for what it does not hold. */
  smallFiles(hashes: readonly Bytes32[]): Promise<readonly (Base64 | null)[]>;
  /**
   * Keeps packets, states, cards and letters, durably, where they fit the request by its own view. Safe to repeat.
   * @returns Its coordinator's signature that it keeps what the patient's `Keep` binds; nothing for any other request.
   * @throws MedsealError that says why not.
   */
  keep(deposit: Deposit): Promise<SignedKept | undefined>;
  /**
   * Keeps packets and sheets that came with rule requests in the same way, each for itself.
   * @returns Those that it does not keep, each with its reason.
   * @throws MedsealError `REQUEST_TOO_LARGE`.
   */
  keepRules(submissions: readonly Submission[]): Promise<readonly RefusedItem[]>;
  /**
   * A party's card that it keeps.
   * @throws MedsealError `NOT_FOUND`.
   */
  card(party: Address): Promise<PartyCard>;
  /**
   * A patient's sheet for an epoch that it keeps, of the commitment with this root.
   * @throws MedsealError `NOT_FOUND`.
   */
  sheet(wanted: SheetWanted): Promise<ProvenSheet>;
  /**
   * The newest state of a patient's devices that it keeps, with the signatures of its coordinator and of the patient.
   */
  state(wanted: StateWanted): Promise<StateGiven>;
  /** Returns its deposits that came after a place, some hundred at once; 0 for all. */
  keptAfter(place: number): Promise<DepositPage>;
  /**
   * Gives the deposits of these names, from the first on, as many as fit in one answer; null for one that it does not
   * have.
   */
  keptCopies(ids: readonly Bytes32[]): Promise<readonly (DepositCopy | null)[]>;
  /** Letters that wait for a party, one page at once; it forgets those that were taken. */
  letters(request: Signed<'Collect'>): Promise<readonly SentLetter[]>;
  /**
   * Openings of the standing rights that a party has, by the grants that it keeps: some dozens, in ascending order of
   * their digests.
   */
  rights(request: Signed<'FindRights'>): Promise<readonly Grant[]>;
  /** Entries of a log that it holds, from the first of the range on, as many as fit in one answer. */
  read(range: { log: LogName; from: number; to: number }): Promise<readonly CopiedEntry[]>;
  /** The newest checkpoint of a log that it holds. */
  latestCheckpoint(log: LogName): Promise<PlacedCheckpoint | undefined>;
  /**
   * The first checkpoint of a log that it holds whose size is over another. If none is over an entry of its own log, it makes one
   * soon: somebody waits for the entry.
   */
  nextCheckpoint(after: { log: LogName; size: number }): Promise<PlacedCheckpoint | undefined>;
  /** Hears of a new checkpoint of a peer's log, copies the entries that are new, and begins to copy their files. */
  notice(placed: PlacedCheckpoint): Promise<void>;
}

/** A member of the authority (P1's AAA). */
export interface AuthorityPort {
  /**
   * Issues a patient ID and its handle, if the application is a patient's, and drafts the enrolment.
   * @throws MedsealError `ENROLMENT_REFUSED`.
   */
  draft(application: SignedApplication): Promise<DraftedEnrolment>;
  /**
   * Signs an enrolment that fits the application. A patient's handle has to be opened: each member checks for itself
   * that it is the commitment that it claims to be, and nobody's yet.
   * @throws MedsealError `ENROLMENT_REFUSED`.
   */
  approve(request: {
    application: SignedApplication;
    enrolment: Enrolment;
    opening?: HandleOpening;
  }): Promise<Hex>;
  /**
   * Signs the enrolment of the account that the caller's organisation sends from, if it has no account yet.
   * @throws MedsealError `ENROLMENT_REFUSED`.
   */
  approveSender(enrolment: Enrolment): Promise<Hex>;
  /**
   * Signs the first suspension of an account that the network files name no more.
   * @throws MedsealError `ENROLMENT_REFUSED`.
   */
  approveSuspension(suspension: Suspension): Promise<Hex>;
}

/** Patient ID and salt, which open a patient's handle. */
export interface HandleOpening {
  /** The ID that the authority issued. */
  readonly patientId: string;
  /** 16 bytes in hexadecimal. */
  readonly salt: string;
}

/** An enrolment before it is signed; a patient's comes with the opening of the handle. */
export interface DraftedEnrolment extends Partial<HandleOpening> {
  readonly enrolment: Enrolment;
}
