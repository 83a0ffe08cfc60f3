/**
 * Streams bytes in one piece, for those that take them in pieces.
 *
 * @param bytes - Any number of bytes.
 */
export async function* streamBytes(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
