import type { Row } from './ageFaults.ts';
import { pieces } from './pieces.ts';

/** Figures in the text of the page, whose command prints them for somebody who writes them there. */
export interface InText extends Row {
  /** Command that prints the figures. */
  readonly command: string;
  /** Day, as `2026-11-20`. */
  readonly day: string;
}

/** All figures in the text, each with the commit that was measured or that first stated them. */
export const IN_TEXT: readonly InText[] = [
  {
    name: 'threads of a request',
    command: 'node bench/requests.bench.ts --seconds 10 --parties 100',
    commit: '7e472c06',
    day: '2026-11-27',
  },
  {
    name: 'a chart of 500 records',
    command: 'node bench/charts.bench.ts',
    commit: 'e3fa0614',
    day: '2026-11-26',
  },
  {
    name: 'charts with a release key',
    command: 'node bench/release.bench.ts',
    commit: 'e4ce4701',
    day: '2026-11-28',
  },
  {
    name: 'portal: files, first screen',
    command: 'node bench/portal.bench.ts',
    commit: '0db6ea17',
    day: '2026-11-23',
  },
  {
    name: 'portal: list of views, new view',
    command: 'node bench/portal.bench.ts --only evidence, --only live',
    commit: '6302efdb',
    day: '2026-11-23',
  },
  {
    name: 'portal: guarded records',
    command: 'node bench/portal.bench.ts --only release',
    commit: '7e472c06',
    day: '2026-11-27',
  },
  {
    name: 'portal: news beside a small page',
    command: 'node bench/portal.bench.ts --only news',
    commit: '4488d466',
    day: '2026-11-29',
  },
  {
    name: 'portal: long charts and days beside small ones',
    command: 'node bench/portal.bench.ts --only charts --runs 3',
    commit: '852f9d01',
    day: '2026-11-28',
  },
  {
    name: 'index of the ledger on the disk',
    command: 'node bench/ledgerIndex.bench.ts',
    commit: '1827aba7',
    day: '2026-11-28',
  },
  {
    name: 'index of 13 million rows',
    command: 'node bench/yearOldIndex.bench.ts',
    commit: '5014319a',
    day: '2026-11-30',
  },
  {
    name: 'headers of a consortium’s ledger',
    command: 'node bench/headers.bench.ts',
    commit: '5014319a',
    day: '2026-11-30',
  },
  {
    name: 'worst requests',
    command: 'node bench/worstRequests.bench.ts',
    commit: '7e472c06',
    day: '2026-11-27',
  },
  {
    name: 'one organisation that hangs',
    command: 'ROUNDS=6 node --test src/cli/node/hanging.slow.test.ts',
    commit: 'e9113775',
    day: '2026-11-21',
  },
  {
    name: 'a node that lost its disk',
    command: 'node bench/restore.bench.ts',
    commit: 'c2cbdfe5',
    day: '2026-11-21',
  },
  {
    name: 'organisations in processes of their own',
    command: 'node bench/organisations.bench.ts --array 64',
    commit: '97264111',
    day: '2026-11-22',
  },
  {
    name: 'claims',
    command: 'node bench/claims.bench.ts --claims 500',
    commit: '7e472c06',
    day: '2026-11-27',
  },
  {
    name: 'claim from submission to payment',
    command: 'node bench/claimFlow.bench.ts',
    commit: '7e472c06',
    day: '2026-11-27',
  },
  {
    name: 'claims and prescriptions on four validators',
    command: 'node bench/prescriptions.bench.ts --validators 4',
    commit: 'b660da1d',
    day: '2026-11-24',
  },
  {
    name: 'stores',
    command: 'node bench/stores.bench.ts',
    commit: '50b58eb8',
    day: '2026-11-23',
  },
  {
    name: 'readings of devices',
    command: 'npm run bench -- sensors',
    commit: '1b29b4a0',
    day: '2026-11-25',
  },
];

const MADE_AHEAD =
  'beside other work its requests, which are made ahead, are too old when they are sent: most are refused with `CLOCK_SKEWED`';
const UNEQUAL = 'its points are compared with each other, and the other work changed between them';
const BY_THE_CLOCK = 'times by the clock, which need a machine at rest';
const TOO_LONG = 'takes tens of minutes, and longer beside other work';
const BUSY = 'the machine had other work all the time since then';

/** Rows that may be older than `MOST_COMMITS` allows, each with the reason why it was not measured again. */
export const KNOWN_OLD: Readonly<Record<string, string>> = {
  requests: `${MADE_AHEAD}; since then an acknowledgement also waits until k − 1 other organisations know the entry’s place, so that an entry costs more: see [what bounds a request](#what-bounds-a-request)`,
  'requests over HTTP': MADE_AHEAD,
  verification: 'beside other work the ratios of one run lay between 0.12 and 0.91',
  log: 'beside other work the ratios to plain writes of the same run lay between 0.5 and 1.7',
  'grown ledger': TOO_LONG,
  vault: BY_THE_CLOCK,
  charts: BY_THE_CLOCK,
  sensors: BY_THE_CLOCK,
  'growth of a log': TOO_LONG,
  'growth of a log by whole requests': TOO_LONG,
  'growth with parties': UNEQUAL,
  'growth with organisations': MADE_AHEAD,
  'growth with devices': UNEQUAL,
  'a chart of 500 records': 'three runs on a machine at rest',
  'portal: files, first screen': BY_THE_CLOCK,
  'portal: list of views, new view': BY_THE_CLOCK,
  'one organisation that hangs': BY_THE_CLOCK,
  'a node that lost its disk': BY_THE_CLOCK,
  'organisations in processes of their own': BY_THE_CLOCK,
  'claims and prescriptions on four validators': BY_THE_CLOCK,
  stores: 'needs servers of stores, and a machine at rest',
  'readings of devices': BY_THE_CLOCK,
  ledger: BUSY,
  sealing: BUSY,
  'growth with patients': BUSY,
  'threads of a request': BUSY,
  'portal: guarded records': BUSY,
  'worst requests': BUSY,
  claims: BUSY,
  'claim from submission to payment': BUSY,
  'charts with a release key': 'the machine had other work all the time since then',
  'portal: long charts and days beside small ones':
    'the machine had other work all the time since then',
  'index of the ledger on the disk': 'the machine had other work all the time since then',
};

/**
 * Returns all rows of the page: what `npm run bench` measured, and the figures in the text.
 *
 * @param measured - The measurements of `npm run bench`, by piece.
 */
export function allRows(measured: Readonly<Record<string, Omit<Row, 'name'>>>): readonly Row[] {
  const known = pieces.flatMap(({ name }): Row[] => {
    const commit = measured[name]?.commit;
    return commit === undefined ? [] : [{ name, commit }];
  });
  return [...known, ...IN_TEXT];
}
