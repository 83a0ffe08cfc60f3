import { SYNCED, type ServiceDatabase } from '../../database/synced.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { Handle } from '../../protocol/ids.ts';
import type { Vault } from '../../vault/Vault.ts';
import type { ErasedFile, Erasures } from '../entries/Erasures.ts';
import type { Destructions } from './Destructions.ts';
import { surplusKey, wantedKey } from './contributorKeys.ts';

/** Options of `ErasedFiles`. */
export interface ErasedFilesOptions {
  /** The contributor's own, with the notes of files that are to be copied or given up. */
  readonly database: ServiceDatabase;
  readonly vault: Vault;
  readonly erasures: Erasures;
  /** Has the notes of what was destroyed. */
  readonly destructions: Pick<Destructions, 'note' | 'reopen'>;
  /** Called if files cannot be deleted now; they are tried again. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Deletes the sealed files of record versions that were erased. The list of these files follows from the logs, and is made again for every
 * patient after a start, so neither a crash nor a restored folder brings a file back.
 */
export class ErasedFiles {
  readonly #options: ErasedFilesOptions;
  /** Patients whose files are to be deleted. */
  readonly #due: Set<Handle>;
  /** Patients whose files were looked for in the store itself, since the start or the examination of all. */
  readonly #lookedFor = new Set<Handle>();
  /** Patients whose files were deleted, which is to be noted: the merges for it take long, and keep no deletion. */
  readonly #toNote = new Set<Handle>();
  /** Patients to be tried again with the next start. */
  readonly #failed = new Set<Handle>();
  #deleting: Promise<void> | undefined;
  #noting: Promise<void> | undefined;
  /** The patient whose deletion is being noted. */
  #noted: Handle | undefined;
  #stopped = false;

  /** @param options - Stores, and the erasures. */
  constructor(options: ErasedFilesOptions) {
    this.#options = options;
    this.#due = new Set(options.erasures.handles());
  }

  /** Begins to delete what is due, and what failed before. */
  start(): void {
    for (const handle of this.#failed) this.#due.add(handle);
    this.#failed.clear();
    this.#startDeleting();
  }

  /**
   * Notes patients of whom a log has new entries: one of them may erase, or name a file that was erased before.
   *
   * @param handles - Theirs.
   */
  entered(handles: Iterable<Handle>): void {
    for (const handle of handles) {
      if (this.#options.erasures.has(handle)) this.#due.add(handle);
    }
    this.start();
  }

  /**
   * Deletes a patient's files again, and looks for them in the store itself too.
   *
   * @param handle - The patient.
   */
  lookAgain(handle: Handle): void {
    this.#lookedFor.delete(handle);
    this.entered([handle]);
  }

  /** Examines the files of all patients again, with the next run. */
  again(): void {
    this.#lookedFor.clear();
    for (const handle of this.#options.erasures.handles()) this.#due.add(handle);
  }

  /** Resolves when all that was due has been tried. */
  async idle(): Promise<void> {
    while (this.#deleting !== undefined || this.#noting !== undefined) {
      await this.#deleting;
      await this.#noting;
    }
  }

  /**
   * Resolves when a patient's files were tried. It does not wait for merges for others.
   *
   * @param handle - The patient.
   */
  async triedFor(handle: Handle): Promise<void> {
    while (this.#deleting !== undefined) await this.#deleting;
    if (this.#noted === handle) await this.#noting;
  }

  /** Ends the work under way, and begins no more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.idle();
  }

  async #delete(): Promise<void> {
    for (const handle of this.#due) {
      if (this.#stopped) return;
      // Before its files are looked for: an entry that comes meanwhile makes it due again.
      this.#due.delete(handle);
      try {
        await this.#options.destructions.reopen(handle, !this.#lookedFor.has(handle));
        await this.#deleteOf(handle);
        this.#toNote.add(handle);
        this.#startNoting();
      } catch (error) {
        this.#fail(handle, error);
      }
    }
  }

  #startDeleting(): void {
    if (this.#due.size === 0 || this.#stopped) return;
    this.#deleting ??= this.#delete().finally(() => {
      this.#deleting = undefined;
      // One that came after the last was taken.
      this.#startDeleting();
    });
  }

  #startNoting(): void {
    if (this.#toNote.size === 0 || this.#stopped) return;
    this.#noting ??= this.#note().finally(() => {
      this.#noting = undefined;
      this.#startNoting();
    });
  }

  async #note(): Promise<void> {
    for (const handle of this.#toNote) {
      if (this.#stopped) return;
      this.#toNote.delete(handle);
      this.#noted = handle;
      try {
        const isDone = await this.#options.destructions.note(handle, () => this.#stopped);
        if (!isDone) this.#failed.add(handle);
      } catch (error) {
        this.#fail(handle, error);
      } finally {
        this.#noted = undefined;
      }
    }
  }

  #fail(handle: Handle, error: unknown): void {
    this.#failed.add(handle);
    if (!isMedsealError(error, 'CLOSED')) this.#options.onFailure(error);
  }

  async #deleteOf(handle: Handle): Promise<void> {
    const { erasures, vault } = this.#options;
    // The vault may have another store than when the file was erased, or a store that was put back.
    const isKnown = this.#lookedFor.has(handle);
    const erase = async (file: ErasedFile): Promise<void> => {
      await vault.erase(file.hash, handle);
      if (!isKnown) await vault.removeStray(file);
    };
    this.#lookedFor.add(handle);
    let failure: unknown;
    for await (const files of erasures.files(handle)) {
      await this.#forget(files);
      for (const file of files) {
        if (this.#stopped) return;
        // One that a store does not delete now keeps no other.
        await erase(file).catch((error: unknown) => (failure = error));
      }
    }
    if (failure === undefined) return;
    this.#lookedFor.delete(handle);
    throw failure;
  }

  /** Forgets that files are to be copied, or given up once others have them. */
  async #forget(files: readonly ErasedFile[]): Promise<void> {
    const { database } = this.#options;
    const keys = files.flatMap((file) => [wantedKey(file), surplusKey(file)]);
    const known = await database.getMany(keys);
    const rows = keys.filter((_, i) => known[i] !== undefined);
    if (rows.length > 0) {
      await database.batch(
        rows.map((key) => ({ type: 'del' as const, key })),
        SYNCED,
      );
    }
  }
}
