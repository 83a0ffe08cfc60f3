import { bytesToHex } from '../crypto/bytes.ts';
import type { Random } from '../crypto/Random.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Files } from '../folder/Files.ts';
import { readJsonFile, writeJsonFile } from '../folder/jsonFiles.ts';
import { OneOf } from '../protocol/wire/findShapeError.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import { isOfShape } from '../protocol/wire/isOfShape.ts';
import type { Of } from '../protocol/struct/Of.ts';
import type { Arrival, SealedStore, StoredThing, StoreReadOptions } from './SealedStore.ts';
import type { FileIdentity } from './Vault.ts';

/** File in a vault's folder with the folder's id. No backup has it: a restored folder is another one. */
export const STORE_FILE = 'store.json';

const MARK = { format: new OneOf('medseal-store/1'), id: /^0x[0-9a-f]{32}$/ } as const;

/** A store at a server, with a place beside its files that says whose they are. */
export interface ServerStore extends SealedStore {
  /** The text of the mark; undefined if nobody set it. */
  readMark(): Promise<string | undefined>;
  /** Sets the mark. */
  writeMark(text: string): Promise<void>;
}

/** Options of `markedStore`. */
export interface MarkedStoreOptions {
  readonly store: ServerStore;
  /** The same store under the names of before, from which files are still read. */
  readonly former: SealedStore;
  /** The vault's folder, which has the folder's id. */
  readonly files: Files;
  readonly random: Random;
}

/**
 * Makes a store at a server that one folder alone changes: its mark has the id of that folder. Another folder, such as a copy
 * that was restored from a backup, reads the files and changes nothing until it takes the store over.
 *
 * @param options - The store, the folder, and random bytes.
 */
export function markedStore(options: MarkedStoreOptions): SealedStore {
  return new MarkedStore(options);
}

class MarkedStore implements SealedStore {
  readonly place: string;
  readonly isShared = true;
  readonly #options: MarkedStoreOptions;
  #isOwn = false;

  constructor(options: MarkedStoreOptions) {
    this.#options = options;
    this.place = options.store.place;
  }

  async recover(): Promise<void> {
    await this.#requireOwn();
    await this.#options.store.recover();
  }

  async receive(file: FileIdentity, content: AsyncIterable<Uint8Array>): Promise<Arrival> {
    if (!this.#isOwn) await this.#requireOwn();
    return await this.#options.store.receive(file, content);
  }

  async size(hash: Bytes32): Promise<number | undefined> {
    const { store, former } = this.#options;
    return (await store.size(hash)) ?? (await former.size(hash));
  }

  async *read(hash: Bytes32, options?: StoreReadOptions): AsyncIterable<Uint8Array> {
    const { store, former } = this.#options;
    try {
      yield* store.read(hash, options);
    } catch (error) {
      // A file that is absent has given nothing yet.
      if (!isMedsealError(error, 'FILE_ABSENT')) throw error;
      yield* former.read(hash, options);
    }
  }

  async remove(hash: Bytes32): Promise<void> {
    await this.#requireOwn();
    await this.#options.store.remove(hash);
    await this.#options.former.remove(hash);
  }

  async *list(): AsyncIterable<StoredThing> {
    yield* this.#options.store.list();
    yield* this.#options.former.list();
  }

  async discard(name: string): Promise<void> {
    await this.#requireOwn();
    await this.#options.store.discard(name);
  }

  async take(): Promise<boolean> {
    const { store } = this.#options;
    const own = await this.#ownMark();
    const before = await store.readMark();
    if (before !== own) await store.writeMark(own);
    return before !== own;
  }

  /** Requires the mark to be this folder's; at a new store, sets it. */
  async #requireOwn(): Promise<void> {
    const { store } = this.#options;
    const own = await this.#ownMark();
    const mark = await store.readMark();
    if (mark === undefined) await store.writeMark(own);
    else if (mark !== own) throw new MedsealError('STORE_TAKEN', { store: this.place });
    this.#isOwn = true;
  }

  async #ownMark(): Promise<string> {
    const { files, random } = this.#options;
    const known = await readJsonFile(files, STORE_FILE);
    if (known !== undefined && !isOfShape(MARK, known)) {
      throw new MedsealError('FOLDER_FOREIGN', {
        path: files.path,
        what: `${STORE_FILE} was altered`,
      });
    }
    const mark: Of<typeof MARK> = known ?? {
      format: 'medseal-store/1',
      id: bytesToHex(random(16)),
    };
    if (known === undefined) await writeJsonFile(files, STORE_FILE, mark);
    return JSON.stringify(mark);
  }
}
