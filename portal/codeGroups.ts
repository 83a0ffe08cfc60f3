import { join } from 'node:path';

/** A module, as the bundler tells of it. */
interface ModuleTold {
  readonly importedIds: readonly string[];
  readonly code: string | null;
}

/** The bundler, as it is asked for a module. */
interface Bundler {
  getModuleInfo(id: string): ModuleTold | null;
}

/** A file that the bundler makes of several modules. */
interface CodeGroup {
  name: string | ((id: string, bundler: Bundler) => string | null);
  debugName?: string;
  test?: RegExp;
  /** A whole number above zero: the bundler takes one below zero for the highest. */
  priority: number;
  minShareCount?: number;
  includeDependenciesRecursively: false;
}

const SRC = join(import.meta.dirname, 'src');
/** The SDK's list of exports, which imports all of it; each screen needs a small part. */
const LIST = join(import.meta.dirname, '../src/client/index.ts');

/** Parts of the portal that follow each other: each has what it needs beyond those before it, and imports none after it. */
const LAYERS = {
  first: ['main.tsx'],
  enter: ['screens/enter/Unlock.tsx'],
  // News stands beside every screen: as a file of its own it would load all code that screens share.
  home: ['screens/home/PatientHome.tsx', 'screens/news/News.tsx'],
  patients: ['screens/patients/Patients.tsx', 'screens/patients/AskedDesk.tsx'],
  keys: ['screens/enter/WordsIn.tsx', 'screens/enter/NewKey.tsx'],
  'care-vital': ['screens/vital/VitalDesk.tsx'],
  'care-dispense': ['screens/prescriptions/Dispensary.tsx'],
  'care-claims': ['screens/claims/ClaimDesk.tsx', 'screens/claims/Disputes.tsx'],
  operate: ['operate/OperatorDesk.tsx'],
} as const;

type Layer = keyof typeof LAYERS;
const LAYER_NAMES = Object.keys(LAYERS) as readonly Layer[];

/** Screens of care, and the code of the client and of FHIR for them; `portalSize` counts files that are named `care` apart. */
const CARE =
  /\/screens\/(?:claims|desk|exchange|forms|kept|prescriptions|readings|rules|vital)\/|src\/client\/(?:care\/(?:claims|prescriptions|units|vital)|devices|rules)\/|src\/client\/audit\/auditAsFhir|src\/client\/kept\/(?:keepRecord|readKept|removeKept)|src\/protocol\/shapes\/resourceShape|session\/(?:keepHere|keptHere|openHolderHere)|src\/fhir\/(?:forms\/(?!formNames)|orders\/|audit|claims|sensors|[cC]onsent|rightsOfConsent|readProvision|provenanceOfWrite)/;

/**
 * Returns the groups of the portal's code: the code that the first screen needs, the code that opens a session, that of the
 * screens that people see then, and other code that several screens share, the screens of care, and small screens. A hundred
 * small files compress worse, and each has its pin in the page.
 */
export function codeGroups(): CodeGroup[] {
  let layers: ReadonlyMap<string, Layer> | undefined;
  const inLayer = (name: Layer, priority: number): CodeGroup => ({
    name: (id, bundler) => ((layers ??= layersOf(bundler)).get(id) === name ? name : null),
    debugName: name,
    priority,
    includeDependenciesRecursively: false,
  });
  return [
    ...LAYER_NAMES.map((name, nth) => inLayer(name, 4 + LAYER_NAMES.length - nth)),
    smallScreens('person', 'add|card|evidence|find|home|mistakes|patients|records|requests|share'),
    smallScreens('public', 'explorer|operator|verify'),
    { name: 'care', test: CARE, priority: 3, includeDependenciesRecursively: false },
    {
      name: 'shared',
      test: /src|node_modules/,
      minShareCount: 2,
      priority: 2,
      includeDependenciesRecursively: false,
    },
  ];
}

/** Returns the files of the screens that most people see first, which import and load all of them. */
export function codeOfHome(): readonly string[] {
  return [...LAYERS.home, ...LAYERS.patients].map((path) => join(SRC, path));
}

/** Small screens that go into one file, without what they import. */
function smallScreens(name: string, rooms: string): CodeGroup {
  const test = new RegExp(`/screens/(?:${rooms})/`);
  return { name, test, priority: 4, includeDependenciesRecursively: false };
}

/** The layer of each module that belongs to one: the first in which it is needed. */
function layersOf(bundler: Bundler): ReadonlyMap<string, Layer> {
  const found = new Map<string, Layer>();
  const listed = listedBy(bundler);
  for (const [layer, roots] of Object.entries(LAYERS) as [Layer, readonly string[]][]) {
    const waiting = roots.map((path) => join(SRC, path));
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      if (found.has(id)) continue;
      found.set(id, layer);
      waiting.push(...importedBy(id, bundler, listed));
    }
  }
  return found;
}

/** Modules that a module imports; in place of the list, those that it names. */
function importedBy(
  id: string,
  bundler: Bundler,
  listed: ReadonlyMap<string, string>,
): readonly string[] {
  const { importedIds = [], code } = bundler.getModuleInfo(id) ?? {};
  if (!importedIds.includes(LIST)) return importedIds;
  const named = [
    ...(code ?? '').matchAll(/import\s*\{([^}]*)\}\s*from\s*['"][^'"]*\/client\/index\.ts['"]/g),
  ].flatMap(([, names = '']) => namesIn(names).map(([name]) => listed.get(name) ?? LIST));
  return [...importedIds, ...named].filter((each) => each !== LIST);
}

/** The module of each name on the list. */
function listedBy(bundler: Bundler): ReadonlyMap<string, string> {
  const { code, importedIds = [] } = bundler.getModuleInfo(LIST) ?? {};
  const exported = [...(code ?? '').matchAll(/export\s*\{([^}]*)\}\s*from\s*['"]([^'"]+)['"]/g)];
  return new Map(
    exported.flatMap(([, names = '', from = '']) => {
      const module = importedIds.find((id) => id === join(LIST, '..', from));
      return module === undefined ? [] : namesIn(names).map(([, as]) => [as, module] as const);
    }),
  );
}

/** Names between braces: each as it is called in the module, and as it is given on. */
function namesIn(braces: string): readonly (readonly [name: string, as: string])[] {
  const parts = braces.split(',').map((part) => part.trim());
  return parts
    .filter((part) => part !== '')
    .map((part) => {
      const [name = '', as = name] = part.split(/\s+as\s+/);
      return [name, as];
    });
}
