/**
 * Returns bytes as a text with a character for each, to name them in a map.
 *
 * @param bytes - Any bytes; they are not copied.
 */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
