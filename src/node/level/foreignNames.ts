import { readdir } from 'node:fs/promises';

/** What LevelDB reads of a folder. */
const OWN = /^(?:CURRENT|MANIFEST-\d+|\d+\.(?:log|ldb|sst))$/;

/**
 * Names of a LevelDB folder's files that are none: links, folders, devices. LevelDB makes no such thing, and what a link
 * leads to may have no end.
 *
 * @param folder - The folder.
 */
export async function foreignNames(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((each) => OWN.test(each.name) && !each.isFile()).map(({ name }) => name);
}
