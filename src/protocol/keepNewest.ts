/** A map or a set: what was put in first comes first. */
interface Remembered<Key> {
  readonly size: number;
  keys(): IterableIterator<Key>;
  delete(key: Key): boolean;
}

/**
 * Forgets what was put in first where one more than `most` is remembered; to be called after each that is put in.
 *
 * @param remembered - A map or a set.
 * @param most - How many are remembered.
 */
export function keepNewest<Key>(remembered: Remembered<Key>, most: number): void {
  if (remembered.size <= most) return;
  for (const first of remembered.keys()) {
    remembered.delete(first);
    return;
  }
}
