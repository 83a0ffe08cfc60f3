import { bytesToHex } from '../crypto/bytes.ts';
import { readU64 } from '../crypto/u64.ts';
import type { Handle } from '../protocol/ids.ts';
import { ERASURES } from './keys.ts';
import type { LogRows } from './LogRows.ts';

/**
 * Places of the entries of a log that erase, by patient. They are few, and asked for with every record that is seen or
 * copied, so they are held in memory beside their rows.
 */
export class ErasurePlaces {
  readonly #places = new Map<Handle, readonly number[]>();

  /**
   * Reads the places of a log.
   *
   * @param rows - The log's.
   */
  static async load(rows: LogRows): Promise<ErasurePlaces> {
    const places = new ErasurePlaces();
    for (const [key] of await rows.range(...ERASURES)) {
      if (key.length !== KEY_LENGTH) continue;
      places.add(bytesToHex(key.subarray(1, 33)), readU64(key, 33));
    }
    return places;
  }

  /** Notes an entry; safe to repeat. */
  add(handle: Handle, index: number): void {
    const known = this.#places.get(handle) ?? [];
    if (known.includes(index)) return;
    this.#places.set(
      handle,
      [...known, index].toSorted((one, other) => one - other),
    );
  }

  /** Returns the places of those of a patient, ascending. */
  of(handle: Handle): readonly number[] {
    return this.#places.get(handle) ?? [];
  }

  /** Tells whether the entry at a place is one. */
  has(index: number): boolean {
    return [...this.#places.values()].some((places) => places.includes(index));
  }

  /** Returns the patients that have any. */
  handles(): readonly Handle[] {
    return [...this.#places.keys()];
  }
}

/** Bytes of a key: kind, handle, place. */
const KEY_LENGTH = 41;
