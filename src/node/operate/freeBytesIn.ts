import { statfs } from 'node:fs/promises';

/**
 * Returns the free bytes on the disk of a folder; undefined if the system does not tell.
 *
 * @param path - The folder.
 */
export async function freeBytesIn(path: string): Promise<number | undefined> {
  return await statfs(path).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => undefined,
  );
}
