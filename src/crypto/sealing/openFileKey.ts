import { MedsealError } from '../../errors/MedsealError.ts';
import { openHeader, type Opener } from './ageHeader.ts';
import type { PayloadCipher } from './PayloadCipher.ts';
import { readHeader } from './readHeader.ts';

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
  const header = await readHeader(ciphertext);
  if (header === undefined) throw new MedsealError('SEAL_UNREADABLE', {});
  return await openHeader(openers, header, options.cipher?.kem);
}
