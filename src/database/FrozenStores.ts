/** Stores that lie outside of a folder, as they were at one moment, whatever was written since. */
export interface FrozenStores {
  /** Their names, such as `logs/hospital`. */
  readonly names: readonly string[];
  /**
   * Yields the rows of a store as its files would have them, checksums included, in the order of their keys. A value of which
   * a part was erased since is left out.
   * @throws MedsealError `STORAGE_FAILED`.
   */
  rows(name: string): AsyncIterable<readonly (readonly [Uint8Array, Uint8Array])[]>;
  /** Folder with files that machines share, which only grow; absent if they share none. */
  readonly shared?: string;
  /** Lets the moment go. */
  close(): void;
}
