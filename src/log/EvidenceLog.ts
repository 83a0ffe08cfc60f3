import type {
  Acknowledgement,
  PlacedCheckpoint,
  SignedVerdict,
} from '../protocol/evidence/evidence.ts';
import type { MerkleFrontier } from '../crypto/merkle/MerkleFrontier.ts';
import type { Address, Bytes32, Handle, LogName } from '../protocol/ids.ts';
import type { LogIdentity } from '../protocol/network/NetworkFile.ts';
import type { RecordVersion } from './RecordVersion.ts';
import type { Tombstone } from './tombstone.ts';
import type { WrittenVersion } from './WrittenVersion.ts';

/** Name by which the entry that answers a request is found. */
export interface RequestName {
  /** EIP-712 digest of the request: identical bytes get the first answer again. */
  readonly request: Bytes32;
  /** The last second at which it may be judged, as it says itself. */
  readonly deadline: number;
}

/** Entry to append: a judged body, with the name that it is found by. */
export interface NewEntry extends RequestName {
  /** SHA-256 of the body. */
  readonly entry: Bytes32;
  /** The body's canonical JSON; it names its moment, `at`. */
  readonly body: string;
  /** The patient concerned. */
  readonly handle: Handle;
  /** The version of a record that the entry puts on the patient's chart, if it puts one. */
  readonly version?: WrittenVersion;
  /** True if the entry erases records of the patient. */
  readonly erases?: boolean;
  readonly verdicts: readonly SignedVerdict[];
}

/** A version of a record with the place of the entry that put it on the chart. */
export interface PlacedVersion extends RecordVersion {
  readonly index: number;
}

/** An entry as the log keeps it for ever, whether its body was erased or not. */
export interface StoredEntry {
  /** Place in the log, from 0. */
  readonly index: number;
  /** SHA-256 of the body. */
  readonly entry: Bytes32;
  /** The moment that the body names or named, Unix seconds. */
  readonly at: number;
  /** Bytes that the body has or had. */
  readonly bodySize: number;
  readonly verdicts: readonly SignedVerdict[];
}

/** An entry whose body was erased, as it is copied. */
export interface ErasedEntry extends StoredEntry {
  readonly log: LogName;
  readonly body?: undefined;
  /** The patient that it concerns, if known: the only proof is that several say so. */
  readonly tombstone?: Tombstone;
}

/** An entry as a copy of the log takes it: with its body, unless that was erased. */
export type CopiedEntry = Acknowledgement | ErasedEntry;

/** Content of an entry's rows on disk, as examined. */
export interface ExaminedEntry {
  /** Place in the log, from 0. */
  readonly index: number;
  /** The entry as it stands there; absent if its row is lost. */
  readonly entry?: Bytes32;
  /** True if body and verdicts are what they should be; an erased body is. */
  readonly sound: boolean;
}

/**
 * One append-only log on disk, an organisation's own or its copy of another's: RFC 9162 tree, bodies, verdicts,
 * checkpoints. Appends are atomic and durable; proofs cost O(log n) reads.
 */
export interface EvidenceLog {
  readonly identity: LogIdentity;
  /** Entries that are durable. */
  readonly size: number;
  /** Number of calls of `restore` since it was opened: what was read of any entry before may be another now. */
  readonly restored: number;
  /**
   * Resolves once it has so many entries.
   * @param size - Number of entries.
   * @param signal - Ends the waiting: it then resolves too.
   */
  grown(size: number, signal: AbortSignal): Promise<void>;
  /**
   * Appends entries in the order given, in one synced write that concurrent calls share (group commit).
   * @returns The acknowledgements. An entry whose request is already there gets that one's again, and is not
   * appended twice.
   * @throws MedsealError `REQUEST_MALFORMED` if an entry is not the hash of its body, or the body names no moment;
   * `NOT_FOUND` if the body of an earlier answer was erased: what else is new in the call is appended all the
   * same; `FOLDER_UNWRITABLE`, after which nothing of the call is there, and no append succeeds until the log is
   * opened again; `CLOSED`.
   */
  append(entries: readonly NewEntry[]): Promise<readonly Acknowledgement[]>;
  /**
   * Appends entries of the log that this one copies, at their places there, in one synced write. An entry without a
   * body is indexed by its tombstone; without one it is among the `unknown`.
   * @param from - Place of the first.
   * @throws MedsealError `REQUEST_MALFORMED` as `append` does, or if the log does not end at `from`;
   * `FOLDER_UNWRITABLE`; `CLOSED`.
   */
  copy(from: number, entries: readonly (NewEntry | ErasedEntry)[]): Promise<void>;
  /**
   * Entries of a range as a copy of the log takes them.
   * @param range - From an index, to before another.
   * @throws MedsealError `NOT_FOUND` if the range is not within the log; `SEAL_UNREADABLE` if a body was
   * damaged, `EVIDENCE_INVALID` if a row was lost.
   */
  copies(range: { from: number; to: number }): Promise<readonly CopiedEntry[]>;
  /**
   * Examines the rows of entries for damage. Only their root shows that the entries are the right ones.
   * @param range - From an index, to before another.
   */
  examine(range: { from: number; to: number }): Promise<readonly ExaminedEntry[]>;
  /**
   * Writes the rows of an entry again, durably; the caller knows that it stands at that place.
   * @throws MedsealError as `append` does; `NOT_FOUND` if the log has no such place.
   */
  restore(index: number, entry: NewEntry | ErasedEntry): Promise<void>;
  /**
   * Computes the tree again from the entries, and writes those of its hashes that differ, durably.
   * @returns Number of hashes written.
   * @throws MedsealError `EVIDENCE_INVALID` if an entry is lost.
   */
  mendTree(): Promise<number>;
  /** Places of the entries that answer requests, in their order; undefined for a request without an entry. */
  answeredAt(requests: readonly RequestName[]): Promise<readonly (number | undefined)[]>;
  /**
   * The acknowledgements of a range.
   * @param range - From an index, to before another.
   * @throws MedsealError `NOT_FOUND` if the range is not within the log, or a body in it was erased;
   * `SEAL_UNREADABLE` if a body was damaged.
   */
  read(range: { from: number; to: number }): Promise<readonly Acknowledgement[]>;
  /**
   * The acknowledgements at places, in their order, looked up together; undefined for one whose body was erased.
   * @throws MedsealError `NOT_FOUND` if the log is not that long.
   */
  readAt(places: readonly number[]): Promise<readonly (Acknowledgement | undefined)[]>;
  /**
   * The entries that stand at places and were verified before they came there, in their order; undefined for a place
   * beyond the log, and for an entry whose body was erased or never came.
   */
  entriesAt(places: readonly number[]): Promise<readonly (Bytes32 | undefined)[]>;
  /**
   * The parts of a range of entries that are kept for ever.
   * @param range - From an index, to before another.
   * @throws MedsealError `NOT_FOUND` if the range is not within the log.
   */
  stored(range: { from: number; to: number }): Promise<readonly StoredEntry[]>;
  /**
   * Erases an entry's body with its secret, durably; if the database can, from its files too. The entry, its
   * proofs, verdicts and places in the indexes stay, and a tombstone that says whom it concerns; whatever needs the
   * body is `NOT_FOUND` from now on. Safe to repeat. An entry that erases records keeps its body: it says which.
   * @throws MedsealError `NOT_FOUND` if the log has no such entry; `FOLDER_UNWRITABLE`.
   */
  erase(index: number): Promise<void>;
  /**
   * Places of all entries that concern a patient, ascending.
   * @param from - The first place to look at; from the first entry if absent.
   */
  concerning(handle: Handle, from?: number): Promise<readonly number[]>;
  /** Places of the entries that erase records of a patient, ascending. */
  erasures(handle: Handle): readonly number[];
  /** The patients of whom entries erase records. */
  erasing(): readonly Handle[];
  /** Places of the entries that came without a body, and of which nobody could say whom they concern, ascending. */
  unknown(): Promise<readonly number[]>;
  /**
   * Places of the entries whose requests a party signed, accepted or refused, ascending; an entry without its body is
   * not among them. The first call after a start reads all bodies.
   */
  signedBy(party: Address): Promise<readonly number[]>;
  /** All record versions on a patient's chart, in the order of their entries. */
  versions(handle: Handle): Promise<readonly PlacedVersion[]>;
  /** Place of the entry that put a record version on a patient's chart, or undefined. */
  placeOf(handle: Handle, version: RecordVersion): Promise<number | undefined>;
  /** As `placeOf`, for many at once, in their order. */
  placesOf(
    versions: readonly (RecordVersion & { readonly handle: Handle })[],
  ): Promise<readonly (number | undefined)[]>;
  /**
   * Places of the first entries that put sealed files on a chart, in the order asked for; undefined for a file that
   * none did. Later entries that name a file change nothing, and it stays known when the body is erased.
   */
  filesAt(files: readonly Bytes32[]): Promise<readonly (number | undefined)[]>;
  /**
   * RFC 9162 root of the first `size` entries.
   * @throws MedsealError `NOT_FOUND`, as every proof and tile, if it goes beyond the log.
   */
  root(size: number): Promise<Bytes32>;
  /**
   * Roots of the complete subtrees of the first `size` entries, largest first: `MerkleFrontier.peaks`.
   */
  peaks(size: number): Promise<readonly Bytes32[]>;
  /** The right edge of its tree, to reckon what root further entries would make: the log stays as it is. */
  edge(): MerkleFrontier;
  /** RFC 9162 §2.1.3 inclusion proof of an entry in the tree of the first `size`. */
  inclusion(index: number, size: number): Promise<readonly Bytes32[]>;
  /** Inclusion proofs of entries, in their order, from one walk of the tree. */
  inclusions(indexes: readonly number[], size: number): Promise<(readonly Bytes32[])[]>;
  /** RFC 9162 §2.1.4 consistency proof between two sizes. */
  consistency(from: number, to: number): Promise<readonly Bytes32[]>;
  /**
   * The hashes of a tile (C2SP tlog-tiles), 32 bytes each.
   * @param level - 0 for leaf hashes.
   * @param index - Place of the tile in its level.
   * @param width - 1 to 256 hashes.
   */
  tile(level: number, index: number, width: number): Promise<Uint8Array>;
  /**
   * The bundle of entries that belongs to a level-0 tile (C2SP tlog-tiles `entries`): of each, its length in 2 bytes
   * big-endian (32), then the entry.
   */
  entryBundle(index: number, width: number): Promise<Uint8Array>;
  /** The newest checkpoint, or undefined before the first. */
  latestCheckpoint(): Promise<PlacedCheckpoint | undefined>;
  /** All checkpoints that it keeps, smallest first. */
  checkpoints(): AsyncIterable<PlacedCheckpoint>;
  /** The first placed checkpoint whose size is over `index`, or undefined. */
  checkpointCovering(index: number): Promise<PlacedCheckpoint | undefined>;
  /**
   * Keeps a checkpoint that stands on the ledger, durably.
   * @throws MedsealError `CHECKPOINT_REFUSED` if its root is not that of the log at its size.
   */
  keepCheckpoint(checkpoint: PlacedCheckpoint): Promise<void>;
  /** Ends what was begun, then closes the log with its database. */
  close(): Promise<void>;
}
