/**
 * Writes `npm-shrinkwrap.json`, which the package carries: what it needs to run, in the versions of `package-lock.json`,
 * and nothing of what only the clone needs. `npm pack` runs it, and removes the file afterwards.
 */
import { readFileSync, writeFileSync } from 'node:fs';

interface LockEntry {
  name?: string;
  workspaces?: unknown;
  devDependencies?: unknown;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

const ROOT = new URL('..', import.meta.url);
const lock = JSON.parse(readFileSync(new URL('package-lock.json', ROOT), 'utf8')) as {
  packages: Record<string, LockEntry>;
};
const root: LockEntry = { ...lock.packages[''] };
delete root.workspaces;
delete root.devDependencies;
const needed = new Map<string, LockEntry>([['', root]]);
// A map grows while it is gone through.
for (const [at, entry] of needed) {
  const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = entry;
  for (const name of Object.keys({
    ...dependencies,
    ...optionalDependencies,
    ...peerDependencies,
  })) {
    if (peerDependenciesMeta?.[name]?.optional === true) continue;
    const found = placeOf(name, at);
    if (found !== undefined && !needed.has(found)) needed.set(found, lock.packages[found] ?? {});
  }
}
const packages = Object.fromEntries(
  [...needed].toSorted(([left], [right]) => (left < right ? -1 : 1)),
);
const text = JSON.stringify({ ...lock, packages }, null, 2);
writeFileSync(new URL('npm-shrinkwrap.json', ROOT), `${text}\n`);

/** The place at which a package finds another one: its own `node_modules`, or those of the folders above it. */
function placeOf(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = folder.replace(/\/?node_modules\/(?:@[^/]+\/)?[^/]+$/, '')) {
    const place = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (Object.hasOwn(lock.packages, place)) return place;
    if (folder === '') return undefined;
  }
}
