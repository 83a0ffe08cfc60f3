import { MedsealError } from '../errors/MedsealError.ts';
import { bytesToHex } from './bytes.ts';
import type { CreateSha256 } from './Sha256Stream.ts';

/**
 * Passes bytes on as they come, and fails at the end if they were not the file that they should be, or as soon as they
 * are too many.
 *
 * @param content - The bytes.
 * @param file - Identity to verify: SHA-256 in hexadecimal, and length.
 * @param createSha256 - Starts a hash.
 * @throws MedsealError `FILE_MISMATCH`.
 */
export async function* verifiedContent(
  content: AsyncIterable<Uint8Array>,
  file: { readonly hash: string; readonly size: number },
  createSha256: CreateSha256,
): AsyncIterable<Uint8Array> {
  const hash = createSha256();
  let size = 0;
  for await (const bytes of content) {
    size += bytes.length;
    if (size > file.size) throw new MedsealError('FILE_MISMATCH', {});
    hash.update(bytes);
    yield bytes;
  }
  if (size !== file.size || bytesToHex(hash.digest()) !== file.hash) {
    throw new MedsealError('FILE_MISMATCH', {});
  }
}
