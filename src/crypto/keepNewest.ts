/** A map or a set, in the order of insertion. */
interface Remembered<Key> {
  readonly size: number;
  keys(): IterableIterator<Key>;
  delete(key: Key): boolean;
}

/**
 * Deletes the oldest item if there is one more than `most`; to be called after each insertion.
 *
 * @param remembered - A map or a set.
 * @param most - Number of items to keep.
 */
export function keepNewest<Key>(remembered: Remembered<Key>, most: number): void {
  if (remembered.size <= most) return;
  for (const first of remembered.keys()) {
    remembered.delete(first);
    return;
  }
}
