/**
 * The rooms of `src/`, with those of `portal/src/` and `demo/`, and what each may import: the design's arrows, as a table that
 * `rooms.check.test.ts` holds.
 * A room may import only rooms that stand above it here, so no ring can form. None has more than `MOST_OF_ALL` of the product.
 */

/** Imports that one room may make. */
export interface Room {
  /** Other rooms that it may import, types included. */
  readonly rooms: readonly string[];
  /** Packages that it may import; `@scope/*` stands for all of a scope. */
  readonly packages: readonly string[];
  /** True if it also runs in a browser, and so imports nothing of `node:`. */
  readonly browser: boolean;
  /** Rooms of which it imports `index.ts` alone, so that a screen says nothing of their inside. */
  readonly byIndex?: readonly string[];
}

/** Largest part of the product's lines that one room may have: a newcomer holds no larger one in mind. */
export const MOST_OF_ALL = 0.12;

const KERNEL = ['errors', 'crypto', 'protocol'];
const VISITOR = [...KERNEL, 'bindings', 'fhir', 'client', 'care'];
const DISK = ['database', 'folder'];
const SERVER = [...KERNEL, 'bindings', 'consortium', ...DISK, 'vault', 'log', 'ledger'];
const PROGRAM = [
  ...SERVER,
  ...VISITOR,
  'native',
  'device',
  'backup',
  'services',
  'agent',
  'http',
  'peers',
  'node',
  'fsck',
  'sensors',
];

const PORTAL = [
  '@lingui/core',
  '@medplum/fhirtypes',
  'fflate',
  'pdfjs-dist',
  'qr',
  'react',
  'react-dom',
  'wouter',
  '@fontsource-variable/atkinson-hyperlegible-next',
  'drawings:icons',
  'words:catalogues',
];

/** The table; a key is the name of a folder in `src/`, but for `portal`, which is `portal/src/`, for `demo`, and for the rooms in `INSIDE`. */
export const ROOMS: Readonly<Record<string, Room>> = {
  errors: { rooms: [], packages: [], browser: true },
  crypto: {
    rooms: ['errors'],
    packages: ['@noble/*', '@scure/*', '@stablelib/*', 'age-encryption'],
    browser: true,
  },
  protocol: { rooms: ['errors', 'crypto'], packages: ['canonicalize'], browser: true },
  bindings: { rooms: KERNEL, packages: ['viem'], browser: true },
  consortium: { rooms: [...KERNEL, 'bindings'], packages: ['@scure/base'], browser: true },
  fhir: { rooms: KERNEL, packages: ['@medplum/core', '@medplum/fhirtypes'], browser: true },
  client: {
    rooms: [...KERNEL, 'bindings', 'fhir'],
    packages: ['@medplum/fhirtypes', '@scure/base'],
    browser: true,
  },
  // `src/client/care/`, and the index of all that a party does.
  care: {
    rooms: [...KERNEL, 'bindings', 'fhir', 'client'],
    packages: ['@medplum/fhirtypes', '@scure/base'],
    browser: true,
  },
  // `portal/src/`, but for its screens.
  portal: {
    rooms: VISITOR,
    packages: PORTAL,
    browser: true,
    byIndex: ['client', 'care'],
  },
  // `portal/src/screens/`, and what shows them.
  screens: {
    rooms: [...VISITOR, 'portal'],
    packages: PORTAL,
    browser: true,
    byIndex: ['client', 'care'],
  },
  // `demo/scenario/`.
  scenario: { rooms: VISITOR, packages: ['@medplum/fhirtypes'], browser: true },
  native: {
    rooms: ['errors', 'crypto'],
    packages: ['age-encryption', 'hash-wasm', 'secp256k1'],
    browser: false,
  },
  database: {
    rooms: KERNEL,
    packages: ['abstract-level', 'classic-level', 'pg'],
    browser: false,
  },
  folder: {
    rooms: [...KERNEL, 'native', 'database'],
    packages: ['@scure/base', 'classic-level'],
    browser: false,
  },
  device: { rooms: [...KERNEL, 'client', 'folder'], packages: ['@scure/base'], browser: false },
  vault: {
    rooms: [...KERNEL, ...DISK],
    packages: ['aws4fetch'],
    browser: false,
  },
  log: { rooms: [...KERNEL, 'database'], packages: ['@noble/*'], browser: false },
  backup: {
    rooms: [...KERNEL, ...DISK, 'vault', 'log'],
    packages: [],
    browser: false,
  },
  ledger: {
    rooms: [...KERNEL, 'bindings', 'consortium'],
    packages: ['@ethereumjs/*', 'abstract-level', 'viem'],
    browser: false,
  },
  // `src/services/`, but for the agent.
  services: { rooms: SERVER, packages: ['@scure/base'], browser: false },
  agent: { rooms: [...SERVER, 'services'], packages: ['@scure/base'], browser: false },
  http: {
    rooms: [...KERNEL, 'bindings', 'folder', 'ledger'],
    packages: ['@hono/node-server', 'hono'],
    browser: false,
  },
  peers: {
    rooms: [...KERNEL, 'bindings', 'folder', 'ledger', 'services', 'http'],
    packages: ['hono'],
    browser: false,
  },
  node: {
    rooms: [
      ...SERVER,
      'fhir',
      'native',
      'client',
      'care',
      'device',
      'backup',
      'services',
      'agent',
      'http',
      'peers',
    ],
    packages: ['@medplum/fhirtypes', 'hono', 'pino', 'prom-client'],
    browser: false,
  },
  fsck: {
    rooms: [...SERVER, 'device', 'services', 'node'],
    packages: ['@scure/base', 'classic-level'],
    browser: false,
  },
  sensors: {
    rooms: [...VISITOR, ...DISK, 'device', 'http'],
    packages: ['@medplum/fhirtypes', 'aedes', 'hono', 'mqtt'],
    browser: false,
  },
  // `src/cli/{home,program,terminal}/`: how a verb is declared, called and answered, and the home that it works in.
  terminal: { rooms: PROGRAM, packages: ['commander'], browser: false },
  cli: {
    rooms: [...PROGRAM, 'terminal'],
    packages: ['@medplum/fhirtypes', 'commander', 'qr'],
    browser: false,
  },
  // `demo/`, but for `demo/scenario/`.
  demo: {
    rooms: [...PROGRAM, 'scenario', 'terminal', 'cli'],
    packages: ['@medplum/fhirtypes', 'mqtt'],
    browser: false,
  },
};

/** Files of `src/` that load the demonstration, and what for; they load it when it is asked for, and no other file names it. */
export const LOADS_DEMO: Readonly<Record<string, string>> = {
  'src/cli/networkCommands.ts': '`medseal scenario` plays it',
  'src/cli/openDev.ts': '`medseal dev --demo` enrols its parties and fills their charts',
};

/** Files that import a module past an index, with the module. */
export const PAST_INDEX: Readonly<Record<string, string>> = {
  // It is loaded when it is needed: everybody loads less at first.
  'portal/src/session/applyRulesHere.ts': 'src/client/rules/applyRules.ts',
  // Its rules are shapes of ours, so the package does not have it.
  'portal/src/session/Drafts.ts': 'src/client/party/DeviceBook.ts',
  'portal/src/session/people.ts': 'src/client/party/DeviceBook.ts',
};

/** Tells whether a room is one of the demonstration. */
export function isDemo(room: string): boolean {
  return room === 'demo' || room === 'scenario';
}

/** Rooms that are a part of another one's folder, by the paths of their folders, or of a file that belongs to them. */
const INSIDE: Readonly<Record<string, string>> = {
  'demo/scenario': 'scenario',
  'portal/src/screens': 'screens',
  'portal/src/App.tsx': 'screens',
  'portal/src/Shell.tsx': 'screens',
  'portal/src/main.tsx': 'screens',
  'src/cli/home': 'terminal',
  'src/cli/program': 'terminal',
  'src/cli/terminal': 'terminal',
  'src/client/care': 'care',
  'src/client/index.ts': 'care',
  'src/services/agent': 'agent',
};

/** Indices by which rooms are imported, where that is not the `index.ts` of the folder that is named after the room. */
export const INDEX_OF: Readonly<Record<string, string>> = { care: 'src/client/index.ts' };

/** Names of the rooms that are a part of another one's folder. */
export const INNER: ReadonlySet<string> = new Set(Object.values(INSIDE));

/** Says which room a file lies in, by its path from the project's root; undefined if it is in no place for rooms. */
export function roomOf(path: string): string | undefined {
  for (const [inside, room] of Object.entries(INSIDE)) {
    if (path === inside || path.startsWith(`${inside}/`)) return room;
  }
  const [top, name] = path.split('/');
  if (top === 'src') return name;
  if (top === 'demo') return 'demo';
  return top === 'portal' && name === 'src' ? 'portal' : undefined;
}

/** Tells whether a file serves tests only, and so may import anything, but be imported by tests only. */
export function isTestFile(path: string): boolean {
  return /(?:\.test|\.cases|Cases)\.tsx?$/.test(path) || path.split('/').includes('test');
}
