import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { Bytes32, Handle } from '../../protocol/ids.ts';
import type { Clock } from '../../protocol/Clock.ts';
import { seconds } from '../../protocol/Clock.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import { exactRow } from '../../database/exactRow.ts';
import type { Vault } from '../../vault/Vault.ts';
import type { ContributorPort } from '../ports.ts';
import { SYNCED, type ServiceDatabase } from '../../database/synced.ts';
import { WANTED_FILES, wantedKey } from './contributorKeys.ts';
import type { NamedPeer } from './NamedPeer.ts';
import { obtainFile } from './obtainFile.ts';
import { WANTED_FILE, type WantedFile } from './WantedFile.ts';

/** Number of files that are copied at once. */
const LANES = 16;
/** Number of rows that are read at once. */
const PAGE = 256;

/** Options of `FileCopies`. */
export interface FileCopiesOptions {
  /** The contributor's own: it remembers what is still to be copied. */
  readonly database: ServiceDatabase;
  readonly vault: Vault;
  readonly clock: Clock;
  /** Tells whether a file was erased. */
  readonly isErased: (hash: Bytes32) => Promise<boolean>;
  /** Called with a patient of whom a file came that was erased meanwhile: it is to be deleted. */
  readonly onErased: (handle: Handle) => void;
  /** Every other organisation's contributor. */
  readonly peers: readonly NamedPeer<Pick<ContributorPort, 'file'>>[];
}

/**
 * Copies sealed files in the background, several at once. Wanted files are noted on disk first, so a restart continues
 * the last run; a file that no peer gives stays wanted, and `start` tries it again.
 */
export class FileCopies {
  readonly #options: FileCopiesOptions;
  readonly #abort = new AbortController();
  readonly #lanes = new Set<Promise<void>>();
  /** Rows that a lane works on. */
  readonly #active = new Set<string>();
  #queue: [string, WantedFile][] = [];
  #reading: Promise<void> = Promise.resolve();
  /** The last row that was read. */
  #cursor = '';
  /** True if rows before the cursor are to be tried once more. */
  #again = false;

  /** @param options - Stores and peers. */
  constructor(options: FileCopiesOptions) {
    this.#options = options;
  }

  /** Gives files that are here their owners; notes the others, durably, and begins to copy them. */
  async want(files: readonly WantedFile[]): Promise<void> {
    if (files.length === 0) return;
    const left = await this.#options.vault.ownAll(files).catch((error: unknown) => {
      // The log goes on while a store does not answer.
      if (isMedsealError(error, 'STORAGE_FAILED')) return files;
      throw error;
    });
    const absent = new Set(left.map(({ hash }) => hash));
    if (absent.size === 0) return;
    const wanted = files.filter(({ hash }) => absent.has(hash));
    const rows = wanted.map(({ hash, handle, size }) => ({
      type: 'put' as const,
      key: wantedKey({ hash, handle }),
      value: JSON.stringify({ hash, handle, size }),
    }));
    await this.#options.database.batch(rows, SYNCED);
    this.start();
  }

  /** Tries all wanted files, including those that failed before. */
  start(): void {
    this.#again = true;
    while (this.#lanes.size < LANES && !this.#abort.signal.aborted) {
      const lane = this.#run().finally(() => {
        this.#lanes.delete(lane);
        if (this.#lanes.size === 0 && this.#again) this.start();
      });
      this.#lanes.add(lane);
    }
  }

  /** Resolves when all that was wanted has been tried. */
  async idle(): Promise<void> {
    while (this.#lanes.size > 0) await Promise.all(this.#lanes);
  }

  /** Ends the work under way, and begins no more. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.idle();
  }

  async #run(): Promise<void> {
    for (let next = await this.#next(); next !== undefined; next = await this.#next()) {
      const [key, file] = next;
      // Whatever went wrong, the row is still there.
      await this.#copy(key, file).catch(() => undefined);
      this.#active.delete(key);
    }
  }

  async #copy(key: string, file: WantedFile): Promise<void> {
    const { database, vault, clock, peers, isErased, onErased } = this.#options;
    const { hash, handle } = file;
    if (!(await isErased(hash))) {
      if ((await vault.stat(hash)) === undefined) {
        const { signal } = this.#abort;
        await obtainFile(vault, file, peers, { now: seconds(clock), signal });
      }
      await vault.own(hash, handle);
      // The erasure may have come while the file did, and found nothing to delete.
      if (await isErased(hash)) onErased(handle);
    }
    // Lost with a power cut it is only done again.
    await database.del(key);
  }

  /** The next row that no lane works on; undefined if all were tried. */
  async #next(): Promise<[string, WantedFile] | undefined> {
    for (;;) {
      if (this.#abort.signal.aborted) return undefined;
      const next = this.#queue.shift();
      if (next === undefined) {
        const reading = this.#reading.then(async () => await this.#read());
        this.#reading = reading.catch(() => undefined);
        await reading.catch(() => undefined);
        if (this.#queue.length === 0) return undefined;
      } else if (!this.#active.has(next[0])) {
        this.#active.add(next[0]);
        return next;
      }
    }
  }

  async #read(): Promise<void> {
    if (this.#queue.length > 0) return;
    do {
      if (this.#cursor === '') this.#again = false;
      const range = {
        ...WANTED_FILES,
        limit: PAGE,
        ...(this.#cursor !== '' && { gt: this.#cursor }),
      };
      const rows = await this.#options.database.iterator(range).all();
      this.#queue = rows.flatMap(([key, value]) => {
        const file = exactRow(value);
        // A damaged note is for a repair, and keeps no other file back.
        return isOfShape(WANTED_FILE, file) ? [[key, file]] : [];
      });
      this.#cursor = rows.at(-1)?.[0] ?? '';
    } while (this.#queue.length === 0 && this.#again);
  }
}
