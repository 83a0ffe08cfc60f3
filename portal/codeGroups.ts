import { join } from 'node:path';

/** A module, as the bundler tells of it. */
interface ModuleTold {
  readonly importedIds: readonly string[];
  readonly dynamicallyImportedIds: readonly string[];
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
  // The scale of trends and the list of facts are all that an operator's page needs of a home.
  enter: [
    'screens/enter/Unlock.tsx',
    'ui/trendScale.ts',
    'ui/Trend.module.css',
    'ui/FactList.tsx',
    'session/followPinned.ts',
  ],
  // News stands beside every screen: as a file of its own it would load all code that screens share.
  home: ['screens/home/PatientHome.tsx', 'screens/news/News.tsx', 'session/openDemoSession.ts'],
  patients: ['screens/patients/Patients.tsx', 'screens/patients/AskedDesk.tsx'],
  keys: ['screens/enter/WordsIn.tsx', 'screens/enter/NewKey.tsx'],
  // Apart from the others: an operator’s page has some of those, and would load a home for it.
  change: ['session/changeKept.ts'],
  // Desks share these with the operator's page, which would else load the first desk that has each of them.
  desks: ['ui/Table.tsx', 'ui/Choices.tsx', 'ui/saveFile.ts'],
  'care-vital': ['screens/vital/VitalDesk.tsx'],
  'care-dispense': ['screens/prescriptions/Dispensary.tsx'],
  'care-claims': ['screens/claims/ClaimDesk.tsx', 'screens/claims/Disputes.tsx'],
  operate: ['operate/OperatorDesk.tsx'],
} as const;

type Layer = keyof typeof LAYERS;
const LAYER_NAMES = Object.keys(LAYERS) as readonly Layer[];

/**
 * Screens of care, and the code of the client and of FHIR for them alone; `portalSize` counts files that are named `care` apart.
 * Code that other shared code imports does not belong here: both files would import each other.
 */
const CARE =
  /\/screens\/(?:claims|desk|exchange|forms|prescriptions|readings|vital)\/|src\/client\/(?:care\/(?:claims|prescriptions|units|vital)|devices)\/|src\/client\/audit\/auditAsFhir|src\/protocol\/shapes\/resourceShape|src\/fhir\/(?:forms\/(?!formAuthors|formNames)|orders\/(?!signOff|taskOfOrder)|audit|claims|sensors|[cC]onsent|rightsOfConsent|readProvision|provenanceOfWrite)/;

/** Parts of the screens, each with what it alone imports; `care` may import the others, and none imports `care`. */
const PARTS = {
  person:
    /\/screens\/(?:add|card|evidence|find|home|kept|mistakes|patients|records|requests|rules|share)\//,
  public: /\/screens\/(?:explorer|operator|verify)\//,
  care: CARE,
} as const;

type Part = keyof typeof PARTS;
const PART_NAMES = Object.keys(PARTS) as readonly Part[];

/**
 * Returns the groups of the portal's code: the code that the first screen needs, the code that opens a session, that of the
 * screens that people see then, and other code that several screens share, the screens of care, and small screens. A hundred
 * small files compress worse, and each has its pin in the page.
 */
export function codeGroups(): CodeGroup[] {
  let groups: ReadonlyMap<string, Layer | Part> | undefined;
  const inGroup = (name: Layer | Part, priority: number): CodeGroup => ({
    name: (id, bundler) => ((groups ??= groupsOf(bundler)).get(id) === name ? name : null),
    debugName: name,
    priority,
    includeDependenciesRecursively: false,
  });
  return [
    ...LAYER_NAMES.map((name, nth) => inGroup(name, 4 + LAYER_NAMES.length - nth)),
    ...PART_NAMES.map((name) => inGroup(name, 3)),
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

/** The group of each module that belongs to one: the first layer in which it is needed, or else a part of the screens. */
function groupsOf(bundler: Bundler): ReadonlyMap<string, Layer | Part> {
  const listed = listedBy(bundler);
  const found = new Map<string, Layer | Part>(layersOf(bundler, listed));
  const importers = importersOf(bundler, listed);
  for (const id of importers.keys()) {
    const part = PART_NAMES.find((name) => PARTS[name].test(id));
    if (part !== undefined && !found.has(id)) found.set(id, part);
  }
  // A module that one part alone imports would else stay in the file of a screen, which imports that part: a ring.
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const [id, by] of importers) {
      const [part, ...others] = new Set([...by].map((each) => found.get(each)));
      const isOwn = part !== undefined && part in PARTS && others.length === 0;
      if (isOwn && !found.has(id)) found.set(id, part);
    }
  }
  return found;
}

/** Every module, with those that import it at once. */
function importersOf(
  bundler: Bundler,
  listed: ReadonlyMap<string, string>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  const waiting = LAYERS.first.map((path) => join(SRC, path));
  for (const id of waiting) found.set(id, new Set());
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const imported = importedBy(id, bundler, listed);
    const later = bundler.getModuleInfo(id)?.dynamicallyImportedIds ?? [];
    for (const each of [...imported, ...later]) {
      if (!found.has(each)) {
        found.set(each, new Set());
        waiting.push(each);
      }
      if (imported.includes(each)) found.get(each)?.add(id);
    }
  }
  return found;
}

/** The layer of each module that belongs to one: the first in which it is needed. */
function layersOf(
  bundler: Bundler,
  listed: ReadonlyMap<string, string>,
): ReadonlyMap<string, Layer> {
  const found = new Map<string, Layer>();
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
