import type { MedsealError } from '../errors/MedsealError.ts';
import type { ByteRange } from '../protocol/AgentPort.ts';
import type { Bytes32, Handle } from '../protocol/ids.ts';

/** A sealed file's identity: the hash that it is found by, and its length. */
export interface FileIdentity {
  /** SHA-256 of the sealed file. */
  readonly hash: Bytes32;
  /** Bytes of the sealed file. */
  readonly size: number;
}

/** A sealed file, and a patient's handle that owns it or is to. */
export interface Ownership {
  readonly hash: Bytes32;
  readonly handle: Handle;
}

/** Content of a vault, counted. */
export interface VaultUsage {
  readonly files: number;
  readonly bytes: number;
}

/** The most bytes of a file that can be put and got together with others. */
export const SMALL_FILE = 16 * 1024;

/** The most files that a vault is scrubbed of one by one: each takes two merges, and so do all together. */
export const MOST_APART = 64;

/** A sealed file with all of its bytes. */
export interface SmallFile extends FileIdentity {
  readonly content: Uint8Array;
}

/**
 * A store of sealed files, found by the SHA-256 of their bytes. A file arrives under a lease; when an entry names
 * it, it belongs to a patient's handle and stays until none owns it.
 */
export interface Vault {
  /**
   * Stores a file, durably and at once: after the promise resolves it survives a crash, before that nothing of it
   * is seen. Storing what is already there extends the lease, never shortens it, and replaces a damaged copy.
   * @param file - Hash and length that the file must have.
   * @param content - Its bytes, streamed; memory stays flat. A part that was given is not to be changed any more.
   * @param leaseUntil - Unix seconds until which it stays though nobody owns it.
   * @throws MedsealError `FILE_MISMATCH`, `FILE_BEYOND_QUOTA` or `FOLDER_UNWRITABLE`; nothing is left behind.
   * `REQUEST_MALFORMED`, as everywhere, if the hash is not one, and `CLOSED` after `close`.
   */
  put(file: FileIdentity, content: AsyncIterable<Uint8Array>, leaseUntil: number): Promise<void>;
  /**
   * Stores files of at most `SMALL_FILE` bytes as `put` does, in one write.
   * @param files - Hash and length that they must have, and their bytes.
   * @param leaseUntil - Unix seconds until which they stay though nobody owns them.
   * @returns In their order why one was not stored: `FILE_MISMATCH`, `FILE_BEYOND_QUOTA`; undefined if it was.
   * @throws MedsealError `FOLDER_UNWRITABLE`, if nothing of it is there; `REQUEST_MALFORMED`, `CLOSED`.
   */
  putSmall(
    files: readonly SmallFile[],
    leaseUntil: number,
  ): Promise<readonly (MedsealError | undefined)[]>;
  /** The file's identity, or undefined if the vault does not hold it, or lost a part of it. */
  stat(hash: Bytes32): Promise<FileIdentity | undefined>;
  /** The identities of those files that `stat` would find, in the order asked for. */
  stats(hashes: readonly Bytes32[]): Promise<readonly FileIdentity[]>;
  /**
   * Streams a file, or a part of it; a read that began goes on though the file is collected.
   * @param hash - The file.
   * @param range - The part, within the file; of a part it is not known whether the stored bytes were damaged.
   * @throws MedsealError `FILE_ABSENT`; `RANGE_OUTSIDE`; `FILE_MISMATCH` at the end of a whole file if the stored
   * bytes were damaged.
   */
  get(hash: Bytes32, range?: ByteRange): AsyncIterable<Uint8Array>;
  /** The bytes of files, in their order; undefined for one that is absent, damaged, or over `SMALL_FILE` bytes. */
  small(hashes: readonly Bytes32[]): Promise<readonly (Uint8Array | undefined)[]>;
  /**
   * Makes a patient's handle an owner of the file; it then outlives its lease. Safe to repeat.
   * @throws MedsealError `FILE_ABSENT`.
   */
  own(hash: Bytes32, handle: Handle): Promise<void>;
  /**
   * Makes handles owners of files, in one write.
   * @returns Those whose file is absent, of which nothing was written.
   */
  ownAll(ownerships: readonly Ownership[]): Promise<readonly Ownership[]>;
  /** Takes ownership away again; a file that nobody owns goes with the next collection. Safe to repeat. */
  disown(hash: Bytes32, handle: Handle): Promise<void>;
  /**
   * Takes ownership away and removes the file at once, whatever its lease, unless another handle owns it. Safe to repeat,
   * also after a crash in the middle.
   * @returns True if a file was removed.
   * @throws MedsealError `STORAGE_FAILED`, after which the file is nobody's, and goes at the next try or with a collection.
   */
  erase(hash: Bytes32, handle: Handle): Promise<boolean>;
  /**
   * Returns those files of which the vault may have any bytes: also one that it lost a part of, and a large one that is in the store
   * though the vault does not know it.
   * @throws MedsealError `STORAGE_FAILED`.
   */
  remnants(files: readonly FileIdentity[]): Promise<readonly FileIdentity[]>;
  /**
   * Takes what the files of the vault's index still have of small files that the vault does not know any more: their bytes lie there until
   * it merges its tables. Files that it knows stay as they are. Over 64 at once it merges all small files once.
   * @throws MedsealError `STORAGE_FAILED`.
   */
  scrub(hashes: readonly Bytes32[]): Promise<void>;
  /**
   * Removes a file that is in the store though the vault does not know it, such as one that was erased while the vault had another
   * store, or that the store's own backup brought back. Safe to repeat.
   * @returns True if a file was removed.
   * @throws MedsealError `STORAGE_FAILED`.
   */
  removeStray(file: FileIdentity): Promise<boolean>;
  /**
   * Removes what nobody owns and whose lease has ended.
   * @param now - Unix seconds; a lease until then has ended.
   * @returns Number of files removed.
   */
  collect(now: number): Promise<number>;
  /** Counts files and bytes; the whole index is read for it. */
  usage(): Promise<VaultUsage>;
  /** Ends what was begun, then closes what the vault holds open. */
  close(): Promise<void>;
}
