import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Size in bytes above which a file was made of holes, and is compared by its size. */
const LARGE = 2 ** 27;

/**
 * All that is in a folder, as a text that two folders share which hold the same.
 *
 * @param folder - The folder; none holds nothing.
 */
export async function contentOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  const lines = await Promise.all(
    entries.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile()) return `${path}/`;
      const { size } = await stat(path);
      if (size > LARGE) return `${path} ${size}`;
      const hash = createHash('sha256').update(await readFile(path));
      return `${path} ${hash.digest('hex')}`;
    }),
  );
  return lines.toSorted().join('\n');
}
