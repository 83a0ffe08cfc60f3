import { ClassicLevel, type DatabaseOptions } from 'classic-level';
import { examineDatabaseFiles } from './files/examineDatabaseFiles.ts';
import { checkRows, type RowChecks } from './rows/checkRows.ts';
import { BINARY, BINARY_SYNCED, type RowChange } from './synced.ts';

/** A database in a folder of its own, by LevelDB. */
export class LevelDatabase<Key = string, Value = string> extends ClassicLevel<Key, Value> {
  /**
   * @param path - The folder; the end of its path names the store in messages.
   * @param options - Of LevelDB.
   * @param checks - As in `checkRows`.
   */
  constructor(
    path: string,
    options?: DatabaseOptions<Key, Value>,
    checks?: Pick<RowChecks, 'onForward' | 'onAltered'>,
  ) {
    super(path, options);
    const store = path.split('/').slice(-2).join('/');
    // The end of a write that was cut off is not one.
    const areFilesWhole = async (): Promise<boolean> =>
      (await examineDatabaseFiles(path)).every(({ unfinished }) => unfinished);
    checkRows(this, { ...checks, store, areFilesWhole });
  }

  /**
   * Makes changes durably, and takes the bytes that their rows had before from its files.
   *
   * @param changes - The last change of a key counts.
   */
  async purge(changes: readonly RowChange<Uint8Array>[]): Promise<void> {
    // LevelDB drops a row's bytes when it merges the next ones with them, which takes both to be in tables: without
    // the first pass they would go from memory to one table side by side, and stay.
    await this.#merge(changes);
    await super.batch<Uint8Array, Uint8Array>([...changes], BINARY_SYNCED);
    await this.#merge(changes);
  }

  async #merge(changes: readonly RowChange<Uint8Array>[]): Promise<void> {
    for (const { key } of changes) await this.compactRange(key, key, BINARY);
  }
}
