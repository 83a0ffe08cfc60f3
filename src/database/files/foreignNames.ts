import type { Dirent } from 'node:fs';

/** Names that LevelDB reads in a folder. */
const OWN = /^(?:CURRENT|MANIFEST-\d+|\d+\.(?:log|ldb|sst))$/;

/**
 * Names of a LevelDB folder's entries that are not plain files: links, folders, devices. LevelDB makes no such entry,
 * and the target of a link may have no end.
 *
 * @param entries - The folder's entries.
 */
export function foreignNames(entries: readonly Dirent[]): readonly string[] {
  return entries.filter((each) => OWN.test(each.name) && !each.isFile()).map(({ name }) => name);
}
