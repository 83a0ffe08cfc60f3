import { MedsealError } from '../../errors/MedsealError.ts';
import { concatBytes } from '../bytes.ts';
import { headerLength, LONGEST_HEADER, openHeader, type Opener } from './ageHeader.ts';
import type { PayloadCipher } from './PayloadCipher.ts';

/**
 * The key of one age v1 file, from its beginning: it opens that file and no other. Whoever passes it on makes sure
 * first that the file is the one that is meant.
 *
 * @param openers - As for `open`.
 * @param ciphertext - The file in pieces of any size; read as far as its header goes.
 * @param options - `cipher`: whose key encapsulation is used.
 * @returns 16 bytes.
 * @throws MedsealError `SEAL_UNREADABLE` if no opener fits.
 */
export async function openFileKey(
  openers: readonly Opener[],
  ciphertext: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: { readonly cipher?: PayloadCipher } = {},
): Promise<Uint8Array> {
  let beginning: Uint8Array = new Uint8Array();
  for await (const piece of ciphertext) {
    beginning = concatBytes(beginning, piece.subarray(0, LONGEST_HEADER));
    const length = headerLength(beginning);
    if (length !== undefined) {
      return await openHeader(openers, beginning.subarray(0, length), options.cipher?.kem);
    }
    if (beginning.length > LONGEST_HEADER) break;
  }
  throw new MedsealError('SEAL_UNREADABLE', {});
}
