import { FORMATS } from './formats.ts';

/** Step of the next start with a store of a format: `opens` if it stays as it is. */
export type StoreStart = 'opens' | 'migrates' | 'rebuilds' | 'refuses';

/** A database of a node's folder, or files of one form in it. */
export interface StoreFormat {
  readonly kind: 'database' | 'files';
  /** Paths within the folder: `*` stands for a name or a part of one, `**` for all that lies below. */
  readonly paths: readonly string[];
  /** The number that this version writes. */
  readonly number: number;
  /** True if each file says its number itself; `folder.json` states those of all others. */
  readonly saysItself: boolean;
  /** One line: what it holds. */
  readonly about: string;
  /** Earlier numbers that a start brings forward; it refuses all others. */
  readonly earlier: Readonly<Record<number, 'migrates' | 'rebuilds'>>;
  /** Step of the next start with a file of any other form; it refuses one if absent. */
  readonly otherwise?: 'opens' | 'rebuilds';
  /** Reason why earlier numbers are refused, or the way in which they are brought forward. */
  readonly past?: string;
}

/**
 * Every store of a node's folder, with its format. A change that an earlier version cannot read, or that this version cannot
 * read as the earlier form, gets the next number, and its row says what becomes of the number before. Names are in
 * `folder.json`, and stay.
 */
export const STORE_FORMATS = {
  folder: files(
    ['folder.json'],
    10,
    'the layout of the folder, its organisations and the formats of its stores',
    {
      saysItself: true,
      earlier: {
        3: 'migrates',
        4: 'migrates',
        5: 'migrates',
        6: 'migrates',
        7: 'migrates',
        8: 'migrates',
        9: 'migrates',
      },
      past: 'by the steps of layouts, above',
    },
  ),
  founding: files(['founding.json'], 3, 'terms that the network was founded on', {
    saysItself: true,
    earlier: { 2: 'migrates' },
    past: '2 named the layout too',
  }),
  network: named('network', ['network.json']),
  successors: named('successors', ['successors.json']),
  fork: named('fork', ['succession-fork.json']),
  'signed-successor': named('signed-successor', ['signed-successor.json'], {
    otherwise: 'opens',
    past: 'another form is refused by the next signature alone',
  }),
  terms: named('terms', ['terms.json']),
  identity: named('identity', ['identity.json']),
  channels: named('channels', ['channels.json']),
  nodes: named('nodes', ['nodes.json']),
  contracts: named('contracts', ['contracts.json'], {
    otherwise: 'rebuilds',
    past: 'of another form, the contracts are compared again',
  }),
  'folder-key': named('folder-key', ['folder-key.json']),
  'trusted-block': named('trusted-block', ['trusted-block.json']),
  restored: named('restored', ['restored.json'], {
    otherwise: 'rebuilds',
    past: 'another form counts as a folder that was restored now',
  }),
  'backed-up': named('backed-up', ['backed-up.json'], {
    otherwise: 'rebuilds',
    past: 'another form counts as a folder without a backup, until the next one',
  }),
  'backups-ended': named('backups-ended', ['backups-ended.json'], {
    otherwise: 'rebuilds',
    past: 'another form counts as no word, until the operator gives it again',
  }),
  stores: named('stores', ['node/*/stores.json']),
  store: named('store', ['node/*/vault/store.json']),
  proofs: files(['fork-*.json', 'conflict-*.json'], 1, 'proof of misbehaviour at the ledger'),
  keys: files(
    ['node/*/keys*.json', 'authority/*/keys*.json', 'validator/**', 'validator-peer.json'],
    1,
    'keys of nodes, members of the authority and the validator, with what its engine keeps',
  ),
  shares: files(['node/*/share-*.json', 'node/*/dealing-*.json'], 1, 'shares of release keys'),
  authority: files(
    [
      'authority/*/issued/**',
      'authority/*/admitted/**',
      'authority/*/approved/**',
      'authority/*/declined/**',
      'authority/*/waiting/**',
    ],
    1,
    'what a member of the authority decided: patient IDs, accounts and applications',
  ),
  'heard-ahead': files(['heard-ahead.json'], 1, 'requests of nodes whose clocks are ahead'),
  sealed: files(['node/*/vault/sealed/**', 'node/*/vault/arriving/**'], 1, 'sealed files'),
  chain: database(['node/ledger/chain'], numberOf('ledger'), 'the embedded ledger'),
  index: database(['node/ledger/index'], 5, 'rows that follow from the ledger', {
    earlier: { 1: 'rebuilds', 2: 'rebuilds', 3: 'rebuilds', 4: 'rebuilds' },
    past: 'another number is read from the ledger again',
  }),
  log: database(['node/*/logs/*'], 6, 'the organisation’s log and its copies of others', {
    past: '1 and 2 did not say what verdicts judged, 3 found answers by other keys, 4 did not know whose a sealed file is, 5 did not say who began a record: entries are signed, so only the versions that wrote them read them',
  }),
  coordinator: database(['node/*/coordinator'], 1, 'verdicts and promises of the coordinator'),
  contributor: database(['node/*/contributor'], 1, 'work of the contributor'),
  deposits: database(['node/*/kept'], 1, 'deposits of parties, and ends of rights that wait'),
  letters: database(['node/*/letters'], 1, 'letters, and browsers that are told of them'),
  vault: database(['node/*/vault-index'], 1, 'owners of sealed files, and small sealed files'),
  secrets: database(['node/*/secrets/**'], 1, 'secrets of bodies whose stores are in PostgreSQL'),
  people: files(
    ['people.json', 'parties/**', 'authority/*/device/**', 'home.json', 'wearable/**'],
    1,
    'devices and people of a demonstration',
  ),
  settings: files(['medseal.json', 'medseal.schema.json'], 1, 'settings of the node'),
} satisfies Readonly<Record<string, StoreFormat>>;

/** Name of a store, as `folder.json` states it. */
export type StoreName = keyof typeof STORE_FORMATS;

/** Paths of what a running process alone uses: the next start makes it again. */
export const OF_A_RUN: readonly string[] = [
  'lock/**',
  'process.json',
  'operator.json',
  'backup.sock',
  'examination/**',
];

/**
 * Looks up a store.
 *
 * @param name - Its name, from anywhere.
 * @returns Undefined if this version does not know it.
 */
export function storeFormat(name: string): StoreFormat | undefined {
  return Object.hasOwn(STORE_FORMATS, name) ? STORE_FORMATS[name as StoreName] : undefined;
}

/**
 * Tells what a start does with a store.
 *
 * @param store - The store; undefined if this version does not know it.
 * @param found - The number of its format.
 */
export function startOf(store: StoreFormat | undefined, found: number): StoreStart {
  if (store === undefined) return 'refuses';
  if (found === store.number) return 'opens';
  return store.earlier[found] ?? store.otherwise ?? 'refuses';
}

type Rest = Partial<Pick<StoreFormat, 'saysItself' | 'earlier' | 'otherwise' | 'past'>>;

function files(paths: readonly string[], number: number, about: string, rest?: Rest): StoreFormat {
  return { kind: 'files', paths, number, saysItself: false, about, earlier: {}, ...rest };
}

function database(
  paths: readonly string[],
  number: number,
  about: string,
  rest?: Rest,
): StoreFormat {
  return { kind: 'database', paths, number, saysItself: false, about, earlier: {}, ...rest };
}

/** Files that say a format of the table of formats. */
function named(name: string, paths: readonly string[], rest?: Rest): StoreFormat {
  const about = FORMATS[name]?.about ?? name;
  return files(paths, numberOf(name), about, { saysItself: true, ...rest });
}

function numberOf(name: string): number {
  const { number } = FORMATS[name] ?? {};
  if (number === undefined) throw new Error(`${name} is not in the table of formats`);
  return number;
}
