import { SYNCED, type ServiceDatabase } from '../../database/synced.ts';
import { type Clock, seconds } from '../../protocol/Clock.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { LogPlace } from '../../protocol/AgentPort.ts';
import type { Bytes32, Handle } from '../../protocol/ids.ts';
import type { Erase } from '../../protocol/struct/requests.ts';
import { listRoot } from '../../protocol/wire/listRoot.ts';
import { MOST_APART, SMALL_FILE, type Vault } from '../../vault/Vault.ts';
import type { ErasedVersion, Erasures, PlacedErasure } from '../entries/Erasures.ts';
import { destroyedKey, readDestroyed, writeDestroyed, type DestroyedRow } from './destroyedRow.ts';

/** Options of `Destructions`. */
export interface DestructionsOptions {
  /** The contributor's own. */
  readonly database: ServiceDatabase;
  /** Marks the rows; 32 bytes, kept apart from the database. */
  readonly storageKey: Uint8Array;
  readonly vault: Pick<Vault, 'remnants' | 'scrub' | 'stats'>;
  readonly erasures: Pick<Erasures, 'placed' | 'versions'>;
  readonly primitives: Pick<Primitives, 'sha256'>;
  readonly clock: Pick<Clock, 'now'>;
  /** Tells whether the organisation keeps the state without the erased keys: it learns of it from the others. */
  readonly isAbreast: () => Promise<boolean>;
  /** Takes former states and packets of a patient from the files of the deposits. */
  readonly scrubDeposits: (handle: Handle) => Promise<void>;
  /** The moment when no backup had any more what was destroyed at a moment, Unix seconds; undefined before it. */
  readonly backupsEnded: (at: number) => Promise<number | undefined>;
}

/**
 * Erasures whose files the organisation has destroyed, each with when: a row says so once they are deleted and nothing of them lies in
 * the files of its databases.
 */
export class Destructions {
  readonly #options: DestructionsOptions;

  /** @param options - Stores, and what else an erasure concerns. */
  constructor(options: DestructionsOptions) {
    this.#options = options;
  }

  /**
   * Forgets those of a patient of which a file is there again: when that is deleted is a new date, and backups may have it again.
   *
   * @param handle - The patient.
   * @param inStore - True to ask the store too for files that the vault does not know.
   */
  async reopen(handle: Handle, inStore: boolean): Promise<void> {
    const { database, vault, erasures } = this.#options;
    for (const { erase, ...place } of await erasures.placed(handle)) {
      if ((await this.#row(place)) === undefined) continue;
      const found = await erasures.versions(erase);
      const there = inStore
        ? await vault.remnants(found)
        : await vault.stats(found.map(({ hash }) => hash));
      if (there.length === 0) continue;
      await database.batch([{ type: 'del', key: destroyedKey(place) }], SYNCED);
    }
  }

  /**
   * Notes those of a patient whose files were deleted.
   *
   * @param handle - The patient.
   * @param isStopped - Tells whether to end early.
   * @returns False if one of them cannot be noted now.
   */
  async note(handle: Handle, isStopped: () => boolean): Promise<boolean> {
    const { erasures, clock, isAbreast, scrubDeposits } = this.#options;
    let areDepositsClean = false;
    /** Files of which nothing lies in the databases any more: a row says so. */
    const clean = new Set<Bytes32>();
    const open: [PlacedErasure, readonly ErasedVersion[]][] = [];
    for (const placed of await erasures.placed(handle)) {
      const found = await erasures.versions(placed.erase);
      const isNoted = (await this.#row(placed))?.list === this.#listOf(found);
      if (isNoted) for (const { hash } of found) clean.add(hash);
      else open.push([placed, found]);
    }
    for (const [{ log, index }, found] of open) {
      const list = this.#listOf(found);
      if (!areDepositsClean && !(await isAbreast())) return false;
      if (!(await this.#areGone(found))) return false;
      if (!areDepositsClean) {
        await scrubDeposits(handle);
        areDepositsClean = true;
      }
      if (!(await this.#scrub(found, clean, isStopped))) return false;
      const versions = found.length;
      await this.#keep({ log, index }, { versions, list, at: seconds(clock) });
    }
    return true;
  }

  /** Has the vault merge its tables where they had small files that are not clean; returns false if it was to end early. */
  async #scrub(
    found: readonly ErasedVersion[],
    clean: Set<Bytes32>,
    isStopped: () => boolean,
  ): Promise<boolean> {
    const { vault } = this.#options;
    const left = found.flatMap(({ hash, size }) =>
      size > SMALL_FILE || clean.has(hash) ? [] : [hash],
    );
    // More than this are one merge of all.
    const parts = left.length > MOST_APART ? [left] : left.map((hash) => [hash]);
    for (const part of parts) {
      if (isStopped()) return false;
      await vault.scrub(part);
      for (const hash of part) clean.add(hash);
    }
    return true;
  }

  /**
   * Returns what is noted of an erasure, if it holds of all versions that are known by now.
   *
   * @param place - Place of the entry.
   * @param erase - The erasure.
   */
  async of(place: LogPlace, erase: Erase): Promise<DestroyedRow | undefined> {
    const { erasures, backupsEnded } = this.#options;
    const row = await this.#row(place);
    const found = await erasures.versions(erase);
    if (row?.list !== this.#listOf(found) || !(await this.#areGone(found))) return undefined;
    if (row.backup !== undefined) return row;
    const backup = await backupsEnded(row.at);
    if (backup === undefined) return row;
    const ended: DestroyedRow = { ...row, backup: Math.max(backup, row.at) };
    await this.#keep(place, ended);
    return ended;
  }

  async #row(place: LogPlace): Promise<DestroyedRow | undefined> {
    const { database, storageKey } = this.#options;
    const key = destroyedKey(place);
    const text = await database.get(key);
    return text === undefined ? undefined : readDestroyed(storageKey, key, text);
  }

  async #keep(place: LogPlace, row: DestroyedRow): Promise<void> {
    const { database, storageKey } = this.#options;
    const key = destroyedKey(place);
    const value = writeDestroyed(storageKey, key, row);
    await database.batch([{ type: 'put', key, value }], SYNCED);
  }

  async #areGone(versions: readonly ErasedVersion[]): Promise<boolean> {
    return (await this.#options.vault.remnants(versions)).length === 0;
  }

  #listOf(versions: readonly ErasedVersion[]): DestroyedRow['list'] {
    return listRoot(
      this.#options.primitives,
      versions.map(({ entry }) => entry),
    );
  }
}
