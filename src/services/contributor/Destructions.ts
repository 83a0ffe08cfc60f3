import { parseRow } from '../../database/parseRow.ts';
import { SYNCED, type ServiceDatabase } from '../../database/synced.ts';
import { type Clock, seconds } from '../../protocol/Clock.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { LogPlace } from '../../protocol/AgentPort.ts';
import type { Handle } from '../../protocol/ids.ts';
import type { Erase } from '../../protocol/struct/requests.ts';
import { listRoot } from '../../protocol/wire/listRoot.ts';
import type { Vault } from '../../vault/Vault.ts';
import type { ErasedVersion, Erasures } from '../entries/Erasures.ts';
import { destroyedKey, DESTROYED_ROW, type DestroyedRow } from './destroyedRow.ts';

/** Options of `Destructions`. */
export interface DestructionsOptions {
  /** The contributor's own. */
  readonly database: ServiceDatabase;
  readonly vault: Pick<Vault, 'stats' | 'scrub'>;
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
   * Notes those of a patient whose files were deleted.
   *
   * @param handle - The patient.
   * @returns False if one of them cannot be noted now.
   */
  async note(handle: Handle): Promise<boolean> {
    const { database, vault, erasures, clock, isAbreast, scrubDeposits } = this.#options;
    let areDepositsClean = false;
    for (const { erase, ...place } of await erasures.placed(handle)) {
      const found = await erasures.versions(erase);
      const list = this.#listOf(found);
      if ((await this.#row(place))?.list === list) continue;
      if (!(await this.#areGone(found))) return false;
      if (!areDepositsClean) {
        if (!(await isAbreast())) return false;
        await scrubDeposits(handle);
        areDepositsClean = true;
      }
      await vault.scrub(found.map(({ hash }) => hash));
      const row: DestroyedRow = { versions: found.length, list, at: seconds(clock) };
      await database.batch([put(place, row)], SYNCED);
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
    const { database, erasures, backupsEnded } = this.#options;
    const row = await this.#row(place);
    const found = await erasures.versions(erase);
    if (row?.list !== this.#listOf(found) || !(await this.#areGone(found))) return undefined;
    if (row.backup !== undefined) return row;
    const backup = await backupsEnded(row.at);
    if (backup === undefined) return row;
    const ended: DestroyedRow = { ...row, backup: Math.max(backup, row.at) };
    await database.batch([put(place, ended)], SYNCED);
    return ended;
  }

  async #row(place: LogPlace): Promise<DestroyedRow | undefined> {
    const text = await this.#options.database.get(destroyedKey(place));
    return text === undefined ? undefined : parseRow(DESTROYED_ROW, text);
  }

  async #areGone(versions: readonly ErasedVersion[]): Promise<boolean> {
    return (await this.#options.vault.stats(versions.map(({ hash }) => hash))).length === 0;
  }

  #listOf(versions: readonly ErasedVersion[]): DestroyedRow['list'] {
    return listRoot(
      this.#options.primitives,
      versions.map(({ entry }) => entry),
    );
  }
}

function put(place: LogPlace, row: DestroyedRow) {
  return { type: 'put' as const, key: destroyedKey(place), value: JSON.stringify(row) };
}
