/** Bytes of a file that are read at once. */
const PIECE = 1 << 20;

/**
 * Reads a file in pieces, with memory flat.
 *
 * @param blob - The file.
 * @throws DOMException `NotReadableError` if the file changed since it was chosen.
 */
export async function* piecesOf(blob: Blob): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < blob.size; at += PIECE) {
    yield new Uint8Array(await blob.slice(at, at + PIECE).arrayBuffer());
  }
}
