/**
 * Writes `npm-shrinkwrap.json`, which the package carries: what it needs to run, in the versions of `package-lock.json`,
 * and nothing of what only the clone needs. `npm pack` runs it, and removes the file afterwards.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { closureOf, type LockEntry } from './lockedPackages.ts';

const ROOT = new URL('..', import.meta.url);
const lock = JSON.parse(readFileSync(new URL('package-lock.json', ROOT), 'utf8')) as {
  packages: Record<string, LockEntry>;
};
const root: LockEntry = { ...lock.packages[''] };
delete root.workspaces;
delete root.devDependencies;
const places = [...closureOf(lock.packages, [''])].toSorted();
const packages = Object.fromEntries(
  places.map((place) => [place, place === '' ? root : (lock.packages[place] ?? {})]),
);
const text = JSON.stringify({ ...lock, packages }, null, 2);
writeFileSync(new URL('npm-shrinkwrap.json', ROOT), `${text}\n`);
