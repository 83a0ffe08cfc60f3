import { globSync } from 'node:fs';
import { join } from 'node:path';
import { importedBy } from './portalSize.ts';

/**
 * Returns the built modules that import each other in a ring, at once or through others. The order in which a browser runs them
 * then depends on which it loads first, and each of them needs all.
 *
 * @param dist - The folder of the built files.
 */
export function importRings(dist: string): readonly string[] {
  const files = globSync('assets/*.js', { cwd: dist }).map((path) => path.replaceAll('\\', '/'));
  const left = new Map(files.map((path) => [path, importedBy(join(dist, path))]));
  for (let before = -1; before !== left.size;) {
    before = left.size;
    const imported = new Set([...left.values()].flat());
    for (const [path, imports] of left) {
      if (!imported.has(path) || !imports.some((each) => left.has(each))) left.delete(path);
    }
  }
  return [...left.keys()].toSorted();
}
