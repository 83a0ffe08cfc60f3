import { concatBytes } from '../bytes.ts';
import { headerLength, LONGEST_HEADER } from './ageHeader.ts';

/**
 * Reads the header of one age v1 file from its beginning, and no further.
 *
 * @param ciphertext - The file in pieces of any size.
 * @returns From the version line to the line of the MAC, at most 64 KiB; undefined if the file has no such beginning.
 */
export async function readHeader(
  ciphertext: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<Uint8Array | undefined> {
  let beginning: Uint8Array = new Uint8Array();
  for await (const piece of ciphertext) {
    beginning = concatBytes(beginning, piece.subarray(0, LONGEST_HEADER));
    const length = headerLength(beginning);
    if (length !== undefined) return beginning.subarray(0, length);
    if (beginning.length > LONGEST_HEADER) break;
  }
  return undefined;
}
