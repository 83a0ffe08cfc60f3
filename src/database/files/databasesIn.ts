import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders that hold many files, and never a database. */
const WITHOUT: ReadonlySet<string> = new Set([
  'vault',
  'issued',
  'parties',
  'examination',
  'snapshot',
]);

/** Folder of the validator, whose databases are its engine's own. */
const VALIDATOR = 'validator';

/**
 * Finds the databases of a data folder.
 *
 * @param data - The folder.
 * @returns Paths of the databases, within it.
 */
export async function databasesIn(data: string): Promise<readonly string[]> {
  const found: string[] = [];
  await walk('');
  return found.toSorted();

  async function walk(path: string): Promise<void> {
    const entries = await readdir(join(data, path), { withFileTypes: true });
    const isOne = entries.some(({ name }) => name === 'CURRENT' || name.startsWith('MANIFEST-'));
    if (isOne) found.push(path);
    for (const entry of entries) {
      if (!entry.isDirectory() || WITHOUT.has(entry.name)) continue;
      const within = join(path, entry.name);
      if (within !== VALIDATOR) await walk(within);
    }
  }
}
