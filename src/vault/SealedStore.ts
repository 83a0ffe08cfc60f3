import type { ByteRange } from '../protocol/AgentPort.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import type { FileIdentity } from './Vault.ts';

/** Bytes of a file that a store has received, and does not show yet. */
export interface Arrival {
  /**
   * Shows the file under its hash, durably, in the place of what was there. Nobody else changes a file of this hash
   * meanwhile.
   * @throws MedsealError `FOLDER_UNWRITABLE`, `STORAGE_FAILED`, `STORAGE_FULL`: then nothing is promised.
   */
  settle(): Promise<void>;
  /** Gives up what was received, as far as that is possible; after `settle` it does nothing. */
  discard(): Promise<void>;
}

/** Something that a store has. */
export interface StoredThing {
  /** Its name in the store, for messages and `discard`. */
  readonly name: string;
  /** Hash by which a vault finds it; absent if it has another name than a sealed file can have. */
  readonly hash?: Bytes32;
  /** True if the store did not make it, and leaves it alone. */
  readonly foreign?: boolean;
}

/** Options of `SealedStore.read`. */
export interface StoreReadOptions extends Partial<ByteRange> {
  /** As in `Files.read`: for a consumer that keeps no piece. */
  readonly reuse?: boolean;
}

/**
 * The bytes of a vault's large files, each under the SHA-256 that it is found by: in a folder, a bucket or IPFS. The
 * vault's index says which of them there should be; the store is not trusted to keep them, so whoever reads a whole file
 * verifies it. Of a server, whatever changes something throws `STORE_TAKEN` if another folder has marked it as its own.
 */
export interface SealedStore {
  /** A folder's path or a server's address, for messages. */
  readonly place: string;
  /** True if others can have files there under the same names: the vault of another folder, or of a restored copy of this one. */
  readonly isShared: boolean;
  /**
   * Makes the store ready for a vault that begins: what a crash left of files that were arriving is removed.
   * @throws MedsealError `FOLDER_UNWRITABLE`; `STORAGE_FAILED` if a server does not answer, which may go on later.
   */
  recover(): Promise<void>;
  /**
   * Receives a file.
   * @param file - Hash and length.
   * @param content - Its bytes; a piece stays as it is until the one after the next is asked for. An error of the source
   * passes through, and nothing is left.
   * @throws MedsealError `FOLDER_UNWRITABLE`, `STORAGE_FAILED`, `STORAGE_FULL`.
   */
  receive(file: FileIdentity, content: AsyncIterable<Uint8Array>): Promise<Arrival>;
  /** A file's length in bytes, or undefined if it is not there. */
  size(hash: Bytes32): Promise<number | undefined>;
  /**
   * Streams a file, or a part within it.
   * @throws MedsealError `FILE_ABSENT`, `STORAGE_FAILED`.
   */
  read(hash: Bytes32, options?: StoreReadOptions): AsyncIterable<Uint8Array>;
  /** Removes a file, durably. Safe to repeat. */
  remove(hash: Bytes32): Promise<void>;
  /** Lists everything that the store has, but for what is arriving. */
  list(): AsyncIterable<StoredThing>;
  /** Removes something by the name that `list` gives, durably. */
  discard(name: string): Promise<void>;
  /**
   * Makes the store this folder's alone, whose folder's it was before; absent if no other folder can have it.
   * @returns False if it was this folder's already.
   */
  take?(): Promise<boolean>;
}
