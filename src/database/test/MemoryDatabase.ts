import { MemoryLevel } from 'memory-level';
import { BINARY, type RowChange } from '../synced.ts';

/** A database in memory: no file has what its rows were before. */
export class MemoryDatabase<Key = string, Value = string> extends MemoryLevel<Key, Value> {
  async purge(changes: readonly RowChange<Uint8Array>[]): Promise<void> {
    await super.batch<Uint8Array, Uint8Array>([...changes], BINARY);
  }
}
