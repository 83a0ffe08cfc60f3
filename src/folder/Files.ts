/** Options of `Files.read`. */
export interface ReadOptions {
  /** The first byte to read; 0 if absent. No bytes come if the file ends before it. */
  readonly from?: number;
  /**
   * If true, a piece stays as it is only until the one after the next is asked for: for a consumer that keeps none. Each
   * is fresh if absent.
   */
  readonly reuse?: boolean;
}

/**
 * One folder and what a store needs to do in it, as a port: `openFolder` is the real one, `memoryFiles` a fake
 * that forgets what was not synced. Paths are relative, with `/`; one that leads out of the folder (`..`, absolute,
 * through a symbolic link) throws MedsealError `FOLDER_OUTSIDE`.
 */
export interface Files {
  /** Path of the folder, for messages. */
  readonly path: string;
  /** Makes a folder, with those above it, durably. Safe to repeat. */
  makeFolder(path: string): Promise<void>;
  /**
   * Makes a new file and syncs its bytes; its name is durable only after `syncFolder`.
   * @param path - A name that is not taken.
   * @param content - Its bytes; a piece stays as it is until the one after the next is asked for. An error of the source passes through and leaves what had arrived.
   * @throws MedsealError `FOLDER_UNWRITABLE`.
   */
  write(path: string, content: AsyncIterable<Uint8Array>): Promise<void>;
  /** Renames a file, atomically, replacing what has the name; durable only after `syncFolder`. */
  rename(from: string, to: string): Promise<void>;
  /** Makes the names in a folder durable; `''` is the folder itself. */
  syncFolder(path: string): Promise<void>;
  /**
   * Streams a file.
   * @param path - Its name.
   * @param options - The first byte, and `reuse`: memory is used again.
   * @throws MedsealError `FILE_ABSENT`.
   */
  read(path: string, options?: ReadOptions): AsyncIterable<Uint8Array>;
  /** A file's length in bytes, or undefined if the file is not there. */
  size(path: string): Promise<number | undefined>;
  /** Removes a file. Safe to repeat; durable only after `syncFolder`. */
  remove(path: string): Promise<void>;
  /** The names in a folder, none if it does not exist; `''` is the folder itself. */
  list(path: string): Promise<readonly string[]>;
}
