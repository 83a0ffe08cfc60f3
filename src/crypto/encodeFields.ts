/** Bytes of the length before each field. */
const LENGTH = 4;

/**
 * Fields one after the other, each behind its length, so that no two lists of fields give the same bytes.
 *
 * @param fields - Any byte strings shorter than 4 GiB.
 * @returns For each field its length as 4 bytes, big-endian, then the field.
 */
export function encodeFields(...fields: readonly Uint8Array[]): Uint8Array {
  const encoded = new Uint8Array(fields.reduce((sum, { length }) => sum + LENGTH + length, 0));
  let at = 0;
  for (const field of fields) {
    const { length } = field;
    encoded[at] = length >>> 24;
    encoded[at + 1] = length >>> 16;
    encoded[at + 2] = length >>> 8;
    encoded[at + 3] = length;
    encoded.set(field, at + LENGTH);
    at += LENGTH + length;
  }
  return encoded;
}
