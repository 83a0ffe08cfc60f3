/**
 * Memory of a party's device: small JSON values by name. In Node it is a folder with files of mode 0600, in a browser
 * its database; a write is durable when its promise resolves.
 */
export interface DeviceStore {
  /** The value under a name, or undefined. */
  read(name: string): Promise<unknown>;
  /** Stores a value under a name and replaces the former one. */
  write(name: string, value: unknown): Promise<void>;
}
