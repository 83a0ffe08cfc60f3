/**
 * Cuts a stream into pieces of one length; the last one may be shorter. Each is fresh memory.
 *
 * @param content - The stream; its parts may use memory again.
 * @param length - Bytes of a piece.
 */
export async function* inPieces(
  content: AsyncIterable<Uint8Array>,
  length: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  let piece = new Uint8Array(length);
  let filled = 0;
  for await (const bytes of content) {
    for (let from = 0; from < bytes.length;) {
      const part = bytes.subarray(from, from + length - filled);
      piece.set(part, filled);
      filled += part.length;
      from += part.length;
      if (filled < length) continue;
      yield piece;
      piece = new Uint8Array(length);
      filled = 0;
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}
