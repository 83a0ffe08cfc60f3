import { join } from 'node:path';

/** The bundler, as it is asked for a module. */
interface Bundler {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

/** A file that the bundler makes of several modules. */
interface CodeGroup {
  name: string | ((id: string, bundler: Bundler) => string | null);
  debugName?: string;
  test?: RegExp;
  priority?: number;
  minShareCount?: number;
  includeDependenciesRecursively?: boolean;
}

const MAIN = join(import.meta.dirname, 'src/main.tsx');
/** The SDK's list of exports, which imports all of it; the first screen needs a small part. */
const LIST = join(import.meta.dirname, '../src/client/index.ts');

/** Screens of care, and the code of the client and of FHIR for them; `portalSize` counts files that are named `care` apart. */
const CARE =
  /\/screens\/(?:claims|exchange|kept|prescriptions|readings|rules|vital)\/|src\/client\/(?:care\/(?:claims|prescriptions|units|vital)|devices|rules)\/|src\/client\/audit\/auditAsFhir|src\/client\/kept\/(?:keepRecord|readKept|removeKept)|src\/protocol\/shapes\/resourceShape|session\/(?:keepHere|keptHere|openHolderHere)|src\/fhir\/(?:orders\/|audit|claims|sensors|[cC]onsent|rightsOfConsent|readProvision|provenanceOfWrite)/;

/**
 * Returns the groups of the portal's code: the code that the first screen needs at once, and other code that several
 * screens share, the screens of care, and small screens. A hundred small files compress worse, and each has its pin in the page.
 */
export function codeGroups(): CodeGroup[] {
  let first: ReadonlySet<string> | undefined;
  return [
    {
      name: (id, bundler) => ((first ??= importedBy(MAIN, bundler)).has(id) ? 'first' : null),
      debugName: 'first',
      priority: 1,
    },
    { name: 'care', test: CARE, priority: 0.5, includeDependenciesRecursively: false },
    { name: 'shared', test: /src/, minShareCount: 2 },
    smallScreens('person', 'add|card|evidence|home|mistakes|patients|records|requests|share'),
    smallScreens('public', 'explorer|operator|verify'),
  ];
}

/** Small screens that go into one file, without what they import. */
function smallScreens(name: string, rooms: string): CodeGroup {
  const test = new RegExp(`/screens/(?:${rooms})/`);
  return { name, test, priority: -1, includeDependenciesRecursively: false };
}

function importedBy(main: string, bundler: Bundler): ReadonlySet<string> {
  const found = new Set([main]);
  for (const id of found) {
    if (id === LIST) continue;
    for (const imported of bundler.getModuleInfo(id)?.importedIds ?? []) found.add(imported);
  }
  found.delete(LIST);
  return found;
}
