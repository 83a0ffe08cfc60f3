import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Bytes32 } from '../../protocol/ids.ts';

/**
 * Returns the SHA-256 of a file.
 *
 * @param path - The file.
 * @returns Undefined if the file is missing.
 */
export async function hashFile(path: string): Promise<Bytes32 | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const part of createReadStream(path)) hash.update(part as Uint8Array);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return `0x${hash.digest('hex')}`;
}
