/** Number of PostgreSQL's type of bytes. */
export const BYTEA = 17;
const HEADER = 20;

/**
 * Returns an array of bytes as PostgreSQL receives it: half as long as in its text.
 *
 * @param items - The items.
 */
export function byteaArray(items: readonly Uint8Array[]): Buffer {
  const length = items.reduce((sum, item) => sum + 4 + item.length, HEADER);
  const bytes = Buffer.allocUnsafe(length);
  // Dimensions, nulls, type, then length and first index of the one dimension.
  for (const [place, word] of [1, 0, BYTEA, items.length, 1].entries()) {
    bytes.writeInt32BE(word, 4 * place);
  }
  let at = HEADER;
  for (const item of items) {
    at = bytes.writeInt32BE(item.length, at);
    bytes.set(item, at);
    at += item.length;
  }
  return bytes;
}
