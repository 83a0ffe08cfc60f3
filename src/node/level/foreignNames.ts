import type { Dirent } from 'node:fs';

/** What LevelDB reads of a folder. */
const OWN = /^(?:CURRENT|MANIFEST-\d+|\d+\.(?:log|ldb|sst))$/;

/**
 * Names of a LevelDB folder's files that are none: links, folders, devices. LevelDB makes no such thing, and what a link
 * leads to may have no end.
 *
 * @param entries - What is in the folder.
 */
export function foreignNames(entries: readonly Dirent[]): readonly string[] {
  return entries.filter((each) => OWN.test(each.name) && !each.isFile()).map(({ name }) => name);
}
