/**
 * A key as the nibbles that a trie walks along, one per byte.
 * @param key - Any number of bytes.
 */
export function toNibbles(key: Uint8Array): Uint8Array {
  const nibbles = new Uint8Array(2 * key.length);
  for (let i = 0; i < key.length; i++) {
    const byte = key[i] ?? 0;
    nibbles[2 * i] = byte >> 4;
    nibbles[2 * i + 1] = byte & 15;
  }
  return nibbles;
}

/**
 * A path in hex-prefix encoding (Yellow Paper, appendix C).
 * @param path - Nibbles.
 * @param leaf - True if it ends at a value.
 */
export function packPath(path: Uint8Array, leaf: boolean): Uint8Array {
  const odd = path.length % 2;
  const packed = new Uint8Array((path.length - odd) / 2 + 1);
  packed[0] = (leaf ? 0x20 : 0) + (odd === 1 ? 0x10 + (path[0] ?? 0) : 0);
  for (let i = 1, from = odd; i < packed.length; i++, from += 2) {
    packed[i] = ((path[from] ?? 0) << 4) | (path[from + 1] ?? 0);
  }
  return packed;
}

/**
 * The path that a hex-prefix encoding stands for.
 * @param packed - As a node holds it, one byte or more.
 */
export function unpackPath(packed: Uint8Array): { path: Uint8Array; leaf: boolean } {
  const nibbles = toNibbles(packed);
  const flags = nibbles[0] ?? 0;
  return { path: nibbles.slice((flags & 1) === 1 ? 1 : 2), leaf: flags >= 2 };
}

/** Number of nibbles that a path shares with the rest of another. */
export function sharedPrefix(path: Uint8Array, other: Uint8Array, from: number): number {
  const length = Math.min(path.length, other.length - from);
  let shared = 0;
  while (shared < length && path[shared] === other[from + shared]) shared++;
  return shared;
}
