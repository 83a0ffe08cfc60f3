import type { Files } from '../folder/Files.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import type { Arrival, SealedStore, StoredThing, StoreReadOptions } from './SealedStore.ts';
import type { FileIdentity } from './Vault.ts';

/** Folder of files while they arrive; remains of a crash are removed by `recover`. */
const ARRIVING = 'arriving';
/** Folder of files that stay, in 256 folders by the first byte of their hash. */
const SEALED = 'sealed';
const FOLDERS: ReadonlySet<string> = new Set(
  Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0')),
);

/**
 * Makes a store of sealed files in a folder: each is a file under the name of its hash.
 *
 * @param files - The folder.
 */
export function folderStore(files: Files): SealedStore {
  return new FolderStore(files);
}

class FolderStore implements SealedStore {
  readonly place: string;
  readonly isShared = false;
  readonly #files: Files;
  /** Folders that are known to be there. */
  readonly #folders = new Set<string>();
  #arrivals = 0;

  constructor(files: Files) {
    this.#files = files;
    this.place = files.path;
  }

  async recover(): Promise<void> {
    await this.#files.makeFolder(ARRIVING);
    for (const name of await this.#files.list(ARRIVING)) {
      await this.#files.remove(`${ARRIVING}/${name}`);
    }
  }

  async receive(file: FileIdentity, content: AsyncIterable<Uint8Array>): Promise<Arrival> {
    const arriving = `${ARRIVING}/${this.#arrivals++}`;
    const discard = async (): Promise<void> => {
      await this.#files.remove(arriving).catch(() => undefined);
    };
    try {
      await this.#files.write(arriving, content);
    } catch (error) {
      await discard();
      throw error;
    }
    return { settle: async () => await this.#settle(file.hash, arriving), discard };
  }

  async size(hash: Bytes32): Promise<number | undefined> {
    return await this.#files.size(placeOf(hash));
  }

  async *read(hash: Bytes32, options: StoreReadOptions = {}): AsyncIterable<Uint8Array> {
    const { from = 0, to = Number.POSITIVE_INFINITY, reuse } = options;
    let left = to - from;
    const given = { from, ...(reuse !== undefined && { reuse }) };
    for await (const bytes of this.#files.read(placeOf(hash), given)) {
      const part = bytes.subarray(0, left);
      left -= part.length;
      yield part;
      if (left <= 0) return;
    }
  }

  async remove(hash: Bytes32): Promise<void> {
    await this.discard(placeOf(hash));
  }

  async *list(): AsyncIterable<StoredThing> {
    const folders = await this.#files.list(SEALED);
    for (const folder of folders) {
      if (!FOLDERS.has(folder)) {
        yield { name: `${SEALED}/${folder}`, foreign: true };
        continue;
      }
      for (const name of await this.#files.list(`${SEALED}/${folder}`)) {
        const isHash = /^[0-9a-f]{64}$/.test(name) && name.startsWith(folder);
        yield { name: `${SEALED}/${folder}/${name}`, ...(isHash && { hash: `0x${name}` }) };
      }
    }
  }

  async discard(name: string): Promise<void> {
    await this.#files.remove(name);
    await this.#files.syncFolder(name.slice(0, name.lastIndexOf('/')));
  }

  async #settle(hash: Bytes32, arriving: string): Promise<void> {
    const folder = folderOf(hash);
    if (!this.#folders.has(folder)) {
      await this.#files.makeFolder(folder);
      this.#folders.add(folder);
    }
    await this.#files.rename(arriving, placeOf(hash));
    await this.#files.syncFolder(folder);
  }
}

function placeOf(hash: Bytes32): string {
  return `${folderOf(hash)}/${hash.slice(2)}`;
}

function folderOf(hash: Bytes32): string {
  return `${SEALED}/${hash.slice(2, 4)}`;
}
