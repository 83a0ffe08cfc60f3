/**
 * Memory of a party's device: small JSON values by name. In Node it is a folder with files of mode 0600, in a browser
 * its database; a write is durable when its promise resolves.
 */
export interface DeviceStore {
  /** The value under a name, or undefined. */
  read(name: string): Promise<unknown>;
  /** Stores a value under a name and replaces the former one; null leaves nothing under the name. */
  write(name: string, value: unknown): Promise<void>;
  /**
   * Runs work while no other page or process that stores in the same place does; absent if nobody else can. Use
   * `aloneOn`, which also keeps the work of one page apart.
   */
  readonly alone?: <Result>(work: () => Promise<Result>) => Promise<Result>;
}
