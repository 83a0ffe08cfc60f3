import { concatBytes } from './bytes.ts';

/**
 * Fields one after the other, each behind its length, so that no two lists of fields give the same bytes.
 *
 * @param fields - Any byte strings shorter than 4 GiB.
 * @returns For each field its length as 4 bytes, big-endian, then the field.
 */
export function encodeFields(...fields: readonly Uint8Array[]): Uint8Array {
  return concatBytes(...fields.flatMap((field) => [uint32(field.length), field]));
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
