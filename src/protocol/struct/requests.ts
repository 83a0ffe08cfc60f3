// Over 400 lines: all signed messages stand beside each other, as their fields do in `requestTypes`.
import type { ClaimMessages } from '../care/claims.ts';
import type { EntryKind } from '../network/NetworkFile.ts';
import type { Address, Bytes32, Handle, Hex, LogName, RecordId } from '../ids.ts';
import type { EndMandate, Mandate } from '../care/mandates.ts';
import type {
  CancelPrescription,
  Dispense,
  HoldPrescription,
  PassPrescription,
  Prescription,
  PrescriptionCheck,
} from '../care/prescriptions.ts';
import type {
  Birth,
  BirthLink,
  ConfirmVital,
  Death,
  ObjectToVital,
  UndoVital,
  Will,
} from '../care/vitalRecords.ts';
import type { Category, Purpose } from '../vocabulary.ts';

/** Private part of a `Grant`, which the ledger sees only as its salted struct hash. */
export interface Terms {
  /** Party that gets the right. */
  readonly grantee: Address;
  /** The categories that it covers. */
  readonly categories: readonly Category[];
  /** The one record that it covers, or `ZERO32` for every record of the categories. */
  readonly record: RecordId;
  /** True if the grantee may read. */
  readonly read: boolean;
  /** True if the grantee may add records. */
  readonly add: boolean;
  /** True if the grantee may amend records. */
  readonly amend: boolean;
  /** The purpose that every use must name. */
  readonly purpose: Purpose;
  /** First second at which the right holds. */
  readonly from: number;
  /** First second at which it no longer holds. */
  readonly until: number;
  /** 16 random bytes that keep the terms from being guessed. */
  readonly salt: Hex;
}

/** A patient gives a right. Its EIP-712 digest is the grant's key on the ledger. */
export interface Grant {
  readonly handle: Handle;
  readonly terms: Terms;
  /** Last second at which the ledger takes it. */
  readonly deadline: number;
}

/** A patient ends a right and enters the next epoch, in one request. */
export interface Revoke {
  readonly handle: Handle;
  /** Digest of the grant. */
  readonly grant: Bytes32;
  /** The epoch that begins: the present one + 1. */
  readonly epoch: number;
  /** SHA-256 over the packets for those who keep a right, as `packetsHash` computes it. */
  readonly packets: Bytes32;
  readonly deadline: number;
}

/**
 * A patient ends a right and enters no epoch by it, so that it can wait for the ledger: whoever holds it refuses what rests
 * on that right from then on, and any node may bring it to the ledger. Keys turn after it as after an end by date.
 */
export interface End {
  readonly handle: Handle;
  /** Digest of the grant. */
  readonly grant: Bytes32;
  /** Last second at which the ledger takes it: 30 days later at most. */
  readonly deadline: number;
}

/** A patient commits ahead to the recipients of epochs `first` to `first + count - 1`. */
export interface CommitEpochs {
  readonly handle: Handle;
  readonly first: number;
  readonly count: number;
  /** RFC 9162 root over the hashes of the epochs' sheets. */
  readonly root: Bytes32;
  readonly deadline: number;
}

/** A party puts a version of a record on the log. */
export interface Write {
  readonly log: LogName;
  readonly action: 'add' | 'amend';
  readonly handle: Handle;
  readonly record: RecordId;
  /** 1 for `add`; the last version + 1 for `amend`. */
  readonly version: number;
  /** The party that added version 1; for `add` the author. */
  readonly begunBy: Address;
  /** The record that the patient objects to with this one, or `ZERO32`. */
  readonly about: RecordId;
  readonly category: Category;
  /** The epoch that the file is sealed to. */
  readonly epoch: number;
  /** SHA-256 of the sealed file. */
  readonly file: Bytes32;
  /** Size of the sealed file in bytes. */
  readonly size: number;
  /** Digest of the grant relied on, or `ZERO32` for a patient's own chart. */
  readonly grant: Bytes32;
  readonly purpose: Purpose;
  readonly deadline: number;
  readonly salt: Hex;
}

/**
 * A party asks to see a patient's chart (the list of records, and the key packet), one record's file, as the patient all
 * that happened to the chart (`audit`), or all that it signed itself (`chain`), which concerns no patient. A patient whose key the
 * authority recovered asks for what opens the state that the lost key sealed (`takeover`).
 */
export interface View {
  readonly log: LogName;
  readonly what: 'chart' | 'record' | 'audit' | 'chain' | 'takeover';
  /** The patient, or `ZERO32` for `chain`. */
  readonly handle: Handle;
  /** The record, or `ZERO32` if it is not one record. */
  readonly record: RecordId;
  /** The record's version; for `takeover` the number of the change of key that the state was sealed ahead for; else 0. */
  readonly version: number;
  readonly grant: Bytes32;
  readonly purpose: Purpose;
  readonly deadline: number;
  readonly salt: Hex;
}

/**
 * A party asks to see one record's file, and to keep it on its device: it may look again there until `keep`, and no entry
 * tells how often.
 */
export interface KeptView extends View {
  readonly what: 'record';
  /** Until when the device may open it again, Unix seconds. */
  readonly keep: number;
}

/**
 * A party asks to see the files of several record versions at once, which lie in a list beside the request: one entry for all
 * of them, judged one by one.
 */
export interface ViewSet {
  readonly log: LogName;
  readonly handle: Handle;
  /** RFC 9162 root over the leaves of the versions (`pairLeaf`), ascending, none twice. */
  readonly root: Bytes32;
  /** Number of the versions, from 1 to 1,024. */
  readonly count: number;
  readonly grant: Bytes32;
  readonly purpose: Purpose;
  /** Until when the device may open them again, Unix seconds; 0 if it may not. With it at most 64 versions. */
  readonly keep: number;
  readonly deadline: number;
  /** 16 bytes; it salts each leaf too. */
  readonly salt: Hex;
}

/** A party states that it asks a patient for a right, or the patient that it answers; the words stay in letters. */
export interface Ask {
  readonly log: LogName;
  readonly what: 'request' | 'grant' | 'decline';
  readonly handle: Handle;
  /** EIP-712 digest of the `AccessRequest`, whose salt keeps it from being guessed. */
  readonly request: Bytes32;
  /** Digest of the grant that was made for it, or `ZERO32`. */
  readonly grant: Bytes32;
  readonly purpose: Purpose;
  readonly deadline: number;
  readonly salt: Hex;
}

/**
 * A patient states that the keys of a category are destroyed in all epochs up to one: from then on nodes show none of the
 * record versions that were sealed to them, and delete their files.
 */
export interface Erase {
  readonly log: LogName;
  readonly handle: Handle;
  readonly category: Category;
  /** Last epoch that is erased; the chart is in a later one. */
  readonly epoch: number;
  /** `ZERO32`: only patients erase, on their own charts. */
  readonly grant: Bytes32;
  readonly purpose: Purpose;
  readonly deadline: number;
  readonly salt: Hex;
}

/** Someone asks to become a party; signed with the key that it names. */
export interface Application {
  readonly party: Address;
  readonly role: string;
  readonly organisation: string;
  /** SHA-256 of the party's age recipient (its text). */
  readonly recipient: Bytes32;
  readonly deadline: number;
}

/** Authority members make someone a party. */
export interface Enrolment {
  readonly party: Address;
  /** Number of the role: its place in `LEDGER_ROLES` + 1. */
  readonly role: number;
  /** The organisation's name in ASCII, padded with zeros. */
  readonly organisation: Bytes32;
  readonly recipient: Bytes32;
  /** A patient's handle, or `ZERO32`. */
  readonly handle: Handle;
  readonly deadline: number;
}

/** A coordinator's promise: it judged these entries, and the log will hold them by `includeBy`. */
export interface Verdict {
  /** True if they are writes or views: each has a threshold of its own. */
  readonly kind: EntryKind;
  /** Id of the log: SHA-256 of its origin. */
  readonly log: Bytes32;
  /** Number of entries that were judged together. */
  readonly size: number;
  /** RFC 9162 root over them. */
  readonly root: Bytes32;
  /** The moment of judging, Unix seconds. */
  readonly at: number;
  /** Unix seconds by which the log must hold them. */
  readonly includeBy: number;
}

/** A coordinator's or log's statement of what the log is. */
export interface Checkpoint {
  readonly log: Bytes32;
  /** Number of entries. */
  readonly size: number;
  /** RFC 9162 root. */
  readonly root: Bytes32;
}

/** A coordinator's answer to a question about parties and patients, bound to the asker's nonce. */
export interface Attestation {
  readonly nonce: Bytes32;
  /** SHA-256 of the canonical JSON of the facts. */
  readonly facts: Bytes32;
  readonly at: number;
}

/** A coordinator's answer to which state of a patient's devices is the newest that its organisation keeps. */
export interface NewestState {
  /** Digest of the patient's `View` or `Keep` that it belongs to, so that an old answer cannot be served as a new one. */
  readonly nonce: Bytes32;
  readonly handle: Handle;
  /** The state's revision; 0 if it keeps none. */
  readonly revision: number;
  /** SHA-256 of the sealed state; `ZERO32` if it keeps none. */
  readonly state: Bytes32;
  /** Unix seconds. */
  readonly at: number;
}

/** A coordinator's part in dealing shares of a release key: whom its share is to be sealed to, or its deal. */
export interface ShareDeal {
  /** Digest of the change; of a deal, also of all recipients. No part fits another change. */
  readonly ceremony: Bytes32;
  /** `recipient` or `deal`; at a founding by files also `held`, deals that gave a right share, and `set`, those that its founder joined. */
  readonly part: string;
  /** SHA-256 of the recipient's text, or of the canonical JSON of the deal, the deals or their digests. */
  readonly content: Bytes32;
}

/** A coordinator's statement that it released shares of keys for logged views; it convicts one that had no right to. */
export interface ShareRelease {
  /** Id of the log that has the views. */
  readonly log: Bytes32;
  /** RFC 9162 root over the views' entries, in the order of the shares. */
  readonly entries: Bytes32;
  /**
   * RFC 9162 root over the hashes of the shares (`shareHash`), in their order: it convicts a coordinator of a false one. Zero in
   * a coordinator's own note of one view, which tells no share.
   */
  readonly shares: Bytes32;
  /**
   * RFC 9162 root over the hashes of the seals that the shares open (`sealHash`), in the same order: a share is judged by the seal
   * that its coordinator signed. Zero in a coordinator's own note.
   */
  readonly seals: Bytes32;
  /** The share of the release key that they were made with (`shareKeyId`). */
  readonly key: Bytes32;
  /** SHA-256 of the age recipient (its text) that the shares are sealed to. */
  readonly recipient: Bytes32;
  /** Unix seconds. */
  readonly at: number;
}

/**
 * A coordinator's answer, from its own organisation's copy of a log, to how much of it concerns a patient, was signed by the
 * party that asks for its chain, or puts on a chart what the right of a viewer covers.
 */
export interface Tally {
  /** SHA-256 of the digest of the party's request ‖ the log's root at this size: the question, and the tree. */
  readonly nonce: Bytes32;
  /** Id of the log. */
  readonly log: Bytes32;
  /** The patient, or `ZERO32` for a party's chain. */
  readonly handle: Handle;
  /** Number of entries of the log that were searched, from the first. */
  readonly size: number;
  /** Number of them that concern the patient, that the party signed, or that the right covers. */
  readonly count: number;
  /** Last of these; for a chart the RFC 9162 root over all of these; `ZERO32` if the count is 0. */
  readonly last: Bytes32;
}

/** A coordinator's statement that its organisation has destroyed what a patient erased. */
export interface Erased {
  /** Id of the log with the patient's `Erase`. */
  readonly log: Bytes32;
  /** Entry of the `Erase`: SHA-256 of its body. */
  readonly erase: Bytes32;
  readonly handle: Handle;
  /** Number of record versions whose sealed files are gone. */
  readonly versions: number;
  /** RFC 9162 root over the entries that put these versions on the chart, ascending; `ZERO32` for an empty list. */
  readonly list: Bytes32;
  /** When the running node had destroyed all of it, Unix seconds. */
  readonly at: number;
  /** When no backup of the organisation had any of it any more, Unix seconds; 0 while one may. */
  readonly backup: number;
  /** When this was signed, Unix seconds. */
  readonly stated: number;
}

/** A party announces a sealed file that it uploads to the agent of a log. */
export interface Upload {
  readonly log: LogName;
  /** SHA-256 of the sealed file. */
  readonly file: Bytes32;
  /** Size of the sealed file in bytes. */
  readonly size: number;
  readonly deadline: number;
  readonly salt: Hex;
}

/** A party deposits a sealed letter for another party with nodes. */
export interface Letter {
  /** Party that is to read it. */
  readonly to: Address;
  /** SHA-256 of the letter, sealed to its reader, in base64. */
  readonly letter: Bytes32;
  /** Last second at which nodes keep it. */
  readonly until: number;
  readonly salt: Hex;
}

/** A party asks for the letters that wait for it, and lets nodes delete those that it has taken. */
export interface Collect {
  /** Digests of the `Letter`s that were taken. */
  readonly taken: readonly Bytes32[];
  readonly deadline: number;
  readonly salt: Hex;
}

/** A party asks for the openings of the rights that it has, which nodes keep as their patients signed them. */
export interface FindRights {
  /** Digest of the last grant that it has got; `ZERO32` to begin. */
  readonly after: Bytes32;
  readonly deadline: number;
  readonly salt: Hex;
}

/** A party has one of its browsers told that there is news, or no longer; or it only asks which browsers are. */
export interface Notify {
  /** SHA-256 of the browser's address at its push service; `ZERO32` to ask only. */
  readonly endpoint: Bytes32;
  /** First second at which it is no longer told; 0 to end it now. */
  readonly until: number;
  readonly deadline: number;
  readonly salt: Hex;
}

/**
 * A patient deposits with nodes a state that only the patient's devices can open, and packets that only grantees who
 * keep a right can open.
 */
export interface Keep {
  readonly handle: Handle;
  /** Number of this state of the patient's devices: more than that of the one before. */
  readonly revision: number;
  /**
   * SHA-256 of the state, sealed to the patient, in base64; `ZERO32` if only packets are deposited, by the state
   * before.
   */
  readonly state: Bytes32;
  /** SHA-256 over packets for those who keep a right, as `packetsHash` computes it. */
  readonly packets: Bytes32;
  readonly deadline: number;
}

/** Authority members suspend a party, or lift its suspension. */
export interface Suspension {
  readonly party: Address;
  /** True if it is suspended from now on. */
  readonly suspended: boolean;
  /** Number of the party's last suspension or lifting + 1, so that nothing is done twice. */
  readonly change: number;
  readonly deadline: number;
}

/** Coordinators say how much stake an organisation's validator has after a delay. */
export interface StakeChange {
  /** The organisation's name in ASCII, padded with zeros. */
  readonly organisation: Bytes32;
  /** The Ed25519 public key that the validator signs blocks with. */
  readonly key: Bytes32;
  /** Share of power, at most 10^9; 0 if it is to validate no more. */
  readonly amount: number;
  /** Number of the last change of this key's stake + 1, so that nothing is done twice. */
  readonly change: number;
  readonly deadline: number;
}

/** A validator's organisation and coordinators of others put another key in the place of its key, at once. */
export interface KeyReplacement {
  /** The organisation's name in ASCII, padded with zeros. */
  readonly organisation: Bytes32;
  /** The Ed25519 public key that signed blocks so far; it never has stake again. */
  readonly former: Bytes32;
  /** The key that gets its stake; one that never had any. */
  readonly key: Bytes32;
  readonly deadline: number;
}

/** Coordinators of all other organisations take consensus power from a validator's key, at once and until it lapses. */
export interface KeyRemoval {
  /** The organisation's name in ASCII, padded with zeros. */
  readonly organisation: Bytes32;
  /** The Ed25519 public key that signs blocks; its stake stays. */
  readonly key: Bytes32;
  /** Number of the removal, 1 for the key's first. */
  readonly removal: number;
  readonly deadline: number;
}

/** A party takes another key or recipient; signed with the present key, and with the new one. */
export interface KeyChange {
  readonly party: Address;
  /** The key that signs for the party from now on. */
  readonly signer: Address;
  /** SHA-256 of the party's age recipient (its text) from now on. */
  readonly recipient: Bytes32;
  /** Number of the party's last change of key, made or begun, + 1. */
  readonly change: number;
  readonly deadline: number;
}

/** Authority members give a party that lost its key another one, after a delay. */
export interface Recovery extends KeyChange {}

/**
 * A party stops a recovery that it did not ask for; signed with the present key, suspended or not. It names no number, so that a
 * second recovery cannot outrun it.
 */
export interface Veto {
  readonly party: Address;
  readonly deadline: number;
}

/** Sitting members of an office name all who hold it after a delay. */
export interface OfficeChange {
  readonly office: 'authority' | 'coordinators';
  /** Holders of the seats. */
  readonly members: readonly Address[];
  /** For each member its organisation, in ASCII padded with zeros. */
  readonly organisations: readonly Bytes32[];
  /** Quorum of organisations. */
  readonly threshold: number;
  /** Number of the office's last change, made or begun, + 1. */
  readonly change: number;
  readonly deadline: number;
}

/** Those in office say which network file follows the one that named them. */
export interface NetworkChange {
  /** 1 for the file that follows the first one. */
  readonly number: number;
  /** SHA-256 of the canonical JSON of the file before. */
  readonly predecessor: Bytes32;
  /** SHA-256 of the canonical JSON of the new file. */
  readonly successor: Bytes32;
  /** First second at which the new file is in force. */
  readonly from: number;
}

/** Coordinators put a patient into the next epoch, because a right ended without a `Revoke`. */
export interface Advance {
  readonly handle: Handle;
  /** The epoch that begins: the present one + 1. */
  readonly epoch: number;
  /** SHA-256 over the packets for those who keep a right; `ZERO32` if the patient seals them later. */
  readonly packets: Bytes32;
  readonly deadline: number;
}

/** The right that a party asks a patient for; it is read by the patient alone, in a letter. */
export interface AccessRequest {
  readonly handle: Handle;
  /** Right that is asked for; the grantee is the party that asks. */
  readonly terms: Terms;
  readonly deadline: number;
}

/** An organisation's node calls a service of another's over HTTP. */
export interface PeerCall {
  /** Organisation that calls. */
  readonly caller: string;
  /** Organisation whose service is called. */
  readonly receiver: string;
  /** The HTTP method. */
  readonly method: string;
  /** The path below the receiver's address, such as `/peer/v1/coordinator/judge`. */
  readonly path: string;
  /** SHA-256 of the body. */
  readonly body: Bytes32;
  /** Time of the signature: Unix milliseconds, the only moment that is not in seconds. */
  readonly at: number;
  /** 16 random bytes, so that no call can be repeated. */
  readonly nonce: Hex;
}

/** Name of a struct to what TypeScript sees of it. */
export interface Messages extends ClaimMessages {
  Grant: Grant;
  Revoke: Revoke;
  End: End;
  CommitEpochs: CommitEpochs;
  Write: Write;
  View: View;
  KeptView: KeptView;
  ViewSet: ViewSet;
  Ask: Ask;
  Erase: Erase;
  Application: Application;
  Enrolment: Enrolment;
  Verdict: Verdict;
  Checkpoint: Checkpoint;
  Attestation: Attestation;
  NewestState: NewestState;
  Tally: Tally;
  Erased: Erased;
  ShareRelease: ShareRelease;
  ShareDeal: ShareDeal;
  Upload: Upload;
  Letter: Letter;
  Collect: Collect;
  FindRights: FindRights;
  Notify: Notify;
  Keep: Keep;
  Suspension: Suspension;
  KeyChange: KeyChange;
  Recovery: Recovery;
  Veto: Veto;
  OfficeChange: OfficeChange;
  StakeChange: StakeChange;
  KeyReplacement: KeyReplacement;
  KeyRemoval: KeyRemoval;
  NetworkChange: NetworkChange;
  Advance: Advance;
  AccessRequest: AccessRequest;
  Prescription: Prescription;
  PrescriptionCheck: PrescriptionCheck;
  Dispense: Dispense;
  HoldPrescription: HoldPrescription;
  CancelPrescription: CancelPrescription;
  PassPrescription: PassPrescription;
  Birth: Birth;
  BirthLink: BirthLink;
  Death: Death;
  ConfirmVital: ConfirmVital;
  UndoVital: UndoVital;
  ObjectToVital: ObjectToVital;
  Will: Will;
  Mandate: Mandate;
  EndMandate: EndMandate;
  PeerCall: PeerCall;
}

/** The structs that change rules. */
export type RuleType = 'Grant' | 'Revoke' | 'End' | 'CommitEpochs';
/** The structs that change what a care contract says. */
export type CareType =
  | 'Prescription'
  | 'Dispense'
  | 'HoldPrescription'
  | 'CancelPrescription'
  | 'PassPrescription'
  | ClaimType;
/** A claim, and the steps of one. */
export type ClaimType =
  | 'InsuranceClaim'
  | 'ClaimDecision'
  | 'ClaimSupplement'
  | 'WithdrawClaim'
  | 'DisputeClaim'
  | 'ClaimJudgement';
/** The structs that become entries. */
export type EvidenceType = 'Write' | 'View' | 'KeptView' | 'ViewSet' | 'Ask' | 'Erase';

/** A message with its author and their signature. */
export interface Signed<Type extends keyof Messages = keyof Messages> {
  readonly type: Type;
  /** Party that signed. */
  readonly party: Address;
  readonly message: Messages[Type];
  /** 65 bytes: r ‖ s ‖ v over the EIP-712 digest. */
  readonly signature: Hex;
  /**
   * The changes that led from the party's first key to the one that signed, oldest first; absent if the first one
   * signed. A request that is read later has them, so that its signature can be verified offline for ever.
   */
  readonly keyChanges?: readonly KeyProof[];
}

/** A change of a party's key, as the Registry takes it. */
export interface SignedKeyChange {
  readonly message: KeyChange;
  /** Of the key before the change. */
  readonly signature: Hex;
  /** Of the key after it. */
  readonly newSignature: Hex;
}

/** A recovery of a party's key: in place of the lost key, members of the authority sign. */
export interface SignedRecovery {
  readonly message: Recovery;
  /** Of members of the authority in office then, of as many organisations as its threshold; each once. */
  readonly signatures: readonly Hex[];
  /** Of the key after it. */
  readonly newSignature: Hex;
}

/** Proof that another key signs for a party from then on. */
export type KeyProof = SignedKeyChange | SignedRecovery;
