import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isTestFile, roomOf } from '../rooms.ts';
import { ROOT } from '../sdkPrograms.ts';
import { FEATURES, type Feature } from './features.ts';

/** Places in which somebody writes code for a feature, each with what stands there. */
export const PLACES = {
  struct: 'what is signed: its fields and its interface',
  judge: 'the rule by which a request is judged, in `src/protocol`',
  client: 'the step that a party takes, in `src/client`',
  verb: 'a verb of `medseal`',
  contract: 'a rule that the ledger runs, in Solidity',
  calls: 'calls and events of a contract, in `src/bindings`',
  service: 'what a service does with this request and with no other, in `src/services`',
  operation: 'an operation of the HTTP API that no other feature uses: its method and its answer',
  screen: 'a screen of the portal',
  FHIR: 'its form in FHIR',
  store: 'rows, files or calls of a node: all other rooms',
} as const;

/** Most places in which a feature is written by hand, but for those that `MORE` names. */
export const MOST_PLACES = 4;

/** Name of a place. */
export type WrittenPlace = keyof typeof PLACES;

/** Features that are written in more places, in how many, and why it takes them. */
export const MORE: Readonly<Record<string, readonly [places: number, why: string]>> = {
  Enrolment: [8, 'who is who stands on the ledger, and organisations draft and sign in rounds'],
  Keys: [8, 'a key changes on the ledger, and the state of devices is kept and vouched for'],
  Recovery: [
    7,
    'a contract holds it, the authority signs in rounds, and evidence has to prove it offline',
  ],
  Records: [9, 'sealed files have a way of their own, beside the log, and records are FHIR'],
  Rights: [11, 'a right is on the ledger, in letters, in packets of keys and in a deposit'],
  'Requests for a right': [6, 'portal and FHIR have words for it'],
  News: [7, 'a browser is told of them by a call and rows of its own'],
  Evidence: [10, 'it is the log itself, its checkpoints on the ledger and its proofs'],
  'Release keys': [8, 'coordinators deal shares, release them and keep them on their disks'],
  Erasure: [
    9,
    'logs, coordinators and examinations look for files that must be gone, and sign that they are',
  ],
  Prescriptions: [8, 'a contract holds their states, which services carry and letters tell'],
  Claims: [10, 'contracts hold states and units, and services vouch for papers'],
  'Births, deaths and wills': [9, 'a contract holds them, and a death changes other rights'],
  'Acting for a patient': [
    8,
    'a contract holds it, and judges, deposits and the state of devices count its key',
  ],
  'Networks that change': [10, 'a change is on the ledger, in files, and in nodes that run'],
  Nodes: [5, 'it is the operation of a node: its own calls, pages and rows'],
};

const PLACE_OF_ROOM: Readonly<Record<string, WrittenPlace>> = {
  contracts: 'contract',
  bindings: 'calls',
  protocol: 'judge',
  services: 'service',
  agent: 'service',
  client: 'client',
  care: 'client',
  cli: 'verb',
  portal: 'screen',
  screens: 'screen',
  terminal: 'verb',
  fhir: 'FHIR',
};
/** Parts of `src/protocol` that are rows of tables, or serve every request alike. */
const ROWS = /^src\/protocol\/(?:struct|shapes|operations)\/|AgentPort\.ts$/;

/** Names that each source says, by its path: those that people write, but for tests. */
const SOURCES = globSync(['src/**/*.ts', 'portal/src/**/*.{ts,tsx}', 'contracts/*.sol'], {
  cwd: ROOT,
})
  .filter((path) => !isTestFile(path) && !/\/generated\/|\.t\.sol$/.test(path))
  .filter((path) => !ROWS.test(path))
  .map((path) => [path, namesIn(path, readFileSync(join(ROOT, path), 'utf8'))] as const);

/** Names of structs that a source can mean: words of a contract's code; texts of one word, and interfaces of structs. */
function namesIn(path: string, text: string): ReadonlySet<string> {
  if (path.endsWith('.sol')) return new Set(text.replaceAll(/\/\/.*/g, '').match(/\w+/g));
  const said = text.matchAll(/'([A-Z]\w+)'/g);
  const imported = text.matchAll(
    /^import (?:type )?\{([^}]*)\} from '[^']*\/(?:requests|claims|prescriptions|vitalRecords)\.ts'/gm,
  );
  return new Set([...said, ...imported].flatMap(([, names = '']) => names.match(/\w+/g) ?? []));
}

/**
 * Returns the places in which a feature is written by hand: those of its row, and those of files that name one of its
 * structs.
 *
 * @param feature - The feature.
 */
export function placesOf({ name, structs, sdk, verbs, screens, ...rest }: Feature): WrittenPlace[] {
  const own = rest.operations.filter((id) =>
    FEATURES.every((other) => other.name === name || !other.operations.includes(id)),
  );
  const found = new Set<WrittenPlace | undefined>([
    structs.length > 0 ? 'struct' : undefined,
    sdk.length > 0 ? 'client' : undefined,
    verbs.length > 0 ? 'verb' : undefined,
    screens.length > 0 ? 'screen' : undefined,
    own.length > 0 ? 'operation' : undefined,
  ]);
  for (const [path, named] of SOURCES) {
    if (!structs.some((struct) => named.has(struct))) continue;
    const room = path.startsWith('contracts/') ? 'contracts' : (roomOf(path) ?? '');
    found.add(PLACE_OF_ROOM[room] ?? 'store');
  }
  return (Object.keys(PLACES) as WrittenPlace[]).filter((place) => found.has(place));
}

/**
 * Counts what follows for a feature from rows of tables, without a line for it.
 *
 * @param feature - The feature.
 * @returns Names of what follows, with their number.
 */
export function followsFor(feature: Feature): readonly (readonly [what: string, count: number])[] {
  const abi = globSync('src/bindings/generated/*Abi.ts', { cwd: ROOT })
    .map((path) => readFileSync(join(ROOT, path), 'utf8'))
    .join('\n');
  const inAbi = feature.structs.filter((struct) =>
    new RegExp(`struct ${struct}(?:Request)? `).test(abi),
  );
  return (
    [
      ['shapes', feature.structs.length],
      ['structs of an ABI', inAbi.length],
      ['operations', feature.operations.length],
      ['verbs', feature.verbs.length],
    ] as const
  ).filter(([, count]) => count > 0);
}
