import { lstat } from 'node:fs/promises';
import { MedsealError } from '../errors/MedsealError.ts';

/**
 * Refuses what belongs to somebody else, or lets somebody else in.
 *
 * @param path - A folder or a socket.
 * @param forbidden - Bits of its mode that must not be set.
 * @throws MedsealError `KEYSTORE_INVALID`.
 */
export async function checkOwn(path: string, forbidden: number): Promise<void> {
  const found = await lstat(path).catch((cause: unknown) => {
    throw new MedsealError('KEYSTORE_INVALID', { path, reason: 'it cannot be read' }, { cause });
  });
  if (found.uid === process.getuid?.() && (found.mode & forbidden) === 0) return;
  throw new MedsealError('KEYSTORE_INVALID', { path, reason: 'others can reach it' });
}
