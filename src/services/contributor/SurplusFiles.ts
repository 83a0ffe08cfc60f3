import { isMedsealError } from '../../errors/isMedsealError.ts';
import { exactRow } from '../../database/exactRow.ts';
import { SYNCED, type ServiceDatabase } from '../../database/synced.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import type { Vault } from '../../vault/Vault.ts';
import type { ContributorPort } from '../ports.ts';
import { SURPLUS_FILES, surplusKey } from './contributorKeys.ts';
import type { NamedPeer } from './NamedPeer.ts';
import { COPY_LEASE } from './obtainFile.ts';
import { WANTED_FILE, type WantedFile } from './WantedFile.ts';

/** Number of files that peers are asked about at once. */
const PAGE = 256;

/** Row of a file, with the Unix second at which it was noted. */
export const SURPLUS_FILE = { ...WANTED_FILE, since: 'count' } as const;

/** Options of `SurplusFiles`. */
export interface SurplusFilesOptions {
  /** The contributor's own. */
  readonly database: ServiceDatabase;
  readonly vault: Vault;
  readonly peers: readonly NamedPeer<Pick<ContributorPort, 'stats'>>[];
  /** Organisations that keep a file. */
  readonly holdersOf: (file: WantedFile) => readonly Organisation[];
}

/**
 * Files that came here because the organisation judged their writes, or was their agent, and that others are to keep. Each
 * stays until all of those say that they have it, so there are never fewer copies than the channel asks for.
 */
export class SurplusFiles {
  readonly #options: SurplusFilesOptions;

  /** @param options - Stores and peers. */
  constructor(options: SurplusFilesOptions) {
    this.#options = options;
  }

  /**
   * Notes files that others are to keep, durably; those that are here outlive their leases until then.
   *
   * @param files - Files that entries name.
   * @param now - Unix seconds.
   */
  async note(files: readonly WantedFile[], now: number): Promise<void> {
    if (files.length === 0) return;
    const { database, vault } = this.#options;
    const left = await vault.ownAll(files).catch((error: unknown) => {
      // The log goes on while a store does not answer; a repair finds what is here.
      if (isMedsealError(error, 'STORAGE_FAILED')) return files;
      throw error;
    });
    const absent = new Set(left.map(({ hash }) => hash));
    const rows = files
      .filter(({ hash }) => !absent.has(hash))
      .map(({ hash, handle, size }) => ({
        type: 'put' as const,
        key: surplusKey({ hash, handle }),
        value: JSON.stringify({ hash, handle, size, since: now }),
      }));
    if (rows.length > 0) await database.batch(rows, SYNCED);
  }

  /**
   * Gives up those files that all who are to keep them have, two leases after they were noted: who has one still does not
   * hold it by a lease alone. The next collection of the vault removes them.
   *
   * @param now - Unix seconds.
   * @returns Number of files given up.
   */
  async release(now: number): Promise<number> {
    let released = 0;
    for (let after = ''; ;) {
      const range = { ...SURPLUS_FILES, limit: PAGE, ...(after !== '' && { gt: after }) };
      const rows = await this.#options.database.iterator(range).all();
      after = rows.at(-1)?.[0] ?? '';
      if (after === '') return released;
      released += await this.#releaseSome(rows, now);
    }
  }

  async #releaseSome(rows: readonly (readonly [string, string])[], now: number): Promise<number> {
    const { database, vault, holdersOf } = this.#options;
    const files = rows.flatMap(([key, value]) => {
      const file = exactRow(value);
      const isDue = isOfShape(SURPLUS_FILE, file) && file.since + 2 * COPY_LEASE <= now;
      return isDue ? [{ key, file, holders: holdersOf(file) }] : [];
    });
    const kept = await this.#keptBy(files);
    let released = 0;
    for (const { key, file, holders } of files) {
      const { hash, handle, size } = file;
      if (holders.length === 0 || !holders.every((name) => kept.get(name)?.get(hash) === size)) {
        continue;
      }
      await vault.disown(hash, handle);
      // Lost with a power cut it is only done again.
      await database.del(key);
      released += 1;
    }
    return released;
  }

  /** Sizes of the files that peers say they have, by organisation and hash; one that does not answer has none. */
  async #keptBy(
    files: readonly { readonly file: WantedFile; readonly holders: readonly Organisation[] }[],
  ): Promise<ReadonlyMap<Organisation, ReadonlyMap<string, number>>> {
    const asking = this.#options.peers.map(async ({ name, port }) => {
      const asked = files.filter(({ holders }) => holders.includes(name));
      const hashes = [...new Set(asked.map(({ file }) => file.hash))];
      const found = hashes.length === 0 ? [] : await port.stats(hashes).catch(() => []);
      return [name, new Map(found.map(({ hash, size }) => [hash, size]))] as const;
    });
    return new Map(await Promise.all(asking));
  }
}
