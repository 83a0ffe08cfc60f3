import { bytesToHex } from '../crypto/bytes.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { CreateSha256 } from './Sha256Stream.ts';
import type { FileIdentity } from './Vault.ts';

/**
 * Passes bytes on as they come, and fails at the end where they were not the file that they should be, or as soon
 * as they are too many.
 *
 * @param content - The bytes.
 * @param file - What they should be.
 * @param createSha256 - Starts a hash.
 * @throws MedsealError `FILE_MISMATCH`.
 */
export async function* verifiedContent(
  content: AsyncIterable<Uint8Array>,
  file: FileIdentity,
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
