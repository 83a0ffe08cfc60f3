import { ClassicLevel } from 'classic-level';
import { BINARY, BINARY_SYNCED, type RowChange } from './synced.ts';

/** A database in a folder of its own, by LevelDB. */
export class LevelDatabase<Key = string, Value = string> extends ClassicLevel<Key, Value> {
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
