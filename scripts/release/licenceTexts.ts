import type { Component } from './Component.ts';
import { rankLicence } from './licenceRules.ts';
import { ReleaseError } from './runTool.ts';

/**
 * Refuses a release with a component that it may not ship.
 *
 * @param packages - Import paths that the engine is linked from. go-ethereum's programs, unlike its libraries, are under
 * the GPL.
 * @throws ReleaseError that names each component with its licence.
 */
export function requireLicences(
  components: readonly Component[],
  packages: readonly string[],
): void {
  const refused = components
    .filter(({ licence }) => rankLicence(licence) === 'refused')
    .map(({ purl, licence }) => `${purl} (${licence})`);
  const programs = packages.filter((path) =>
    path.startsWith('github.com/ethereum/go-ethereum/cmd/'),
  );
  const found = [...refused, ...programs.map((path) => `${path} (GPL-3.0-only)`)];
  if (found.length === 0) return;
  throw new ReleaseError(
    `The release may not ship what is under a licence that scripts/release/licenceRules.ts does not allow: ${found.join(', ')}. Do without it, or have the licence examined.`,
  );
}

/** Lists the components whose licence asks for more than its text, such as the LGPL, by licence. */
export function namedLicences(
  components: readonly Component[],
): ReadonlyMap<string, readonly Component[]> {
  const named = components.filter(({ licence }) => rankLicence(licence) === 'named');
  return Map.groupBy(named.toSorted(byName), ({ licence }) => licence);
}

/** Writes the licences of all components into one text; a text that several share stands in it once. */
export function licenceTexts(components: readonly Component[]): string {
  const users = new Map<string, string[]>();
  for (const component of components.toSorted(byName)) {
    const { name, version, licence, texts } = component;
    const said = `${name} ${version}: ${licence}`;
    if (texts.size === 0) {
      const none =
        'The archive has no file with the licence; it names the licence in its manifest alone.\n';
      users.set(none, [...(users.get(none) ?? []), said]);
    }
    for (const [file, text] of texts) {
      const plain = text.replaceAll('\r\n', '\n').trimEnd();
      users.set(plain, [...(users.get(plain) ?? []), `${said} (${file})`]);
    }
  }
  const rule = '='.repeat(78);
  const sections = [...users].map(
    ([text, names]) => `${rule}\n${names.join('\n')}\n${rule}\n\n${text}\n`,
  );
  return `Licences of what others wrote and a release of Medseal ships, each text once, below all
that it is the licence of.\n\n${sections.join('\n')}`;
}

function byName(left: Component, right: Component): number {
  return left.purl < right.purl ? -1 : 1;
}
