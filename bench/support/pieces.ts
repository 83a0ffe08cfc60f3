import { readDevices, readSensors } from './sensors/readSensors.ts';
import type { Workload, WorkloadResult, Reading } from './Workload.ts';

interface Requests {
  readonly 'without replicas'?: RequestFigures;
  readonly 'with replicas'?: RequestFigures;
}
type RequestFigures = Readonly<Record<string, number>>;
interface Rate {
  readonly perSecond: number;
}

/** Library whose speed moves the ratios that are taken to it; its version stands in `package-lock.json`. */
const LIBRARY = 'npm `secp256k1` 5.0.2';
const BOUND = `verifications of one core by ${LIBRARY} ÷ 4`;
const PATIENTS = ['10', '100', '1000'];
const ORGANISATIONS = ['1', '3', '5', '7'];
const WEARABLES = ['10', '100', '1000'];

/** The benches, in the order in which they run. */
export const pieces: readonly Workload[] = [
  {
    name: 'requests',
    method:
      'One agent and three coordinators in one process, durable, checkpoints alongside; arrays of 1,024, five at a time, then one request at a time. Each service verifies each signature for itself; files are distinct.',
    quick: [['requests.bench.ts', '--seconds', '6']],
    full: [['requests.bench.ts', '--seconds', '60', '--parties', '1000']],
    read: readRequests,
  },
  {
    name: 'requests over HTTP',
    method: 'The same behind the HTTP door of the node, sent over loopback by another process.',
    quick: [['requests.bench.ts', '--seconds', '6', '--replicas', 'without', '--http']],
    full: [['requests.bench.ts', '--seconds', '15', '--replicas', 'without', '--http']],
    read: readHttp,
  },
  {
    name: 'verification',
    method:
      'A log with its bodies in one thread: every body, every author’s signature, the verdicts of two coordinators, the root. Then at rest, as `medseal fsck` examines it: the same and every row of its database, with two threads that verify signatures.',
    quick: [['verify.bench.ts']],
    full: [['verify.bench.ts'], ['verify.bench.ts', '--entries', '80000', '--arrays', '256']],
    read: readVerify,
  },
  {
    name: 'log',
    method: 'Durable appends beside plain synced writes of as many rows and bytes.',
    quick: [['log.bench.ts', '--only', 'rates']],
    read: readLog,
  },
  {
    name: 'ledger',
    method: 'Grants on the embedded ledger, durable, beside `anvil`, which is not.',
    quick: [['ledger.bench.ts', '--batches', '40']],
    full: [['ledger.bench.ts']],
    read: readLedger,
  },
  {
    name: 'grown ledger',
    method: '`Consent.check` over a ledger that holds many grants, and opening it.',
    quick: [['grownLedger.bench.ts', '--grants', '10000']],
    full: [['grownLedger.bench.ts', '--grants', '100000']],
    read: readGrown,
  },
  {
    name: 'sealing',
    method: 'Files of 100 MB, hash and file write included, and records of 2 kB, on one thread.',
    quick: [['sealing.bench.ts']],
    read: readSealing,
  },
  {
    name: 'vault',
    method: 'Sealed files of 4 KiB stored durably.',
    quick: [['vault.bench.ts']],
    read: readVault,
  },
  {
    name: 'charts',
    method: 'A client with a whole network in its process.',
    quick: [['charts.bench.ts']],
    read: (printed: Readonly<Record<string, string>>) => ({ notes: Object.entries(printed) }),
  },
  {
    name: 'sensors',
    method:
      'Wearables and twenty ECGs at 500 Hz, simulated in a process of their own, each bound to a patient of its own; a gateway in another, and the nodes of three organisations in a third. Batches of ten seconds, over MQTT, from the end of the batch until its device hears that it is on the log.',
    quick: [['sensors.bench.ts', '--wearables', '100', '--seconds', '30']],
    full: [['sensors.bench.ts', '--wearables', '1000', '--seconds', '600']],
    read: readSensors,
  },
  {
    name: 'growth of a log',
    method:
      'Entries appended in arrays of 100; of each size its second half is measured, with all that databases merge meanwhile.',
    quick: [['log.bench.ts', '--only', 'growth', '--entries', '100000']],
    full: [['log.bench.ts', '--only', 'growth', '--entries', '1000000']],
    read: readGrowth,
  },
  {
    name: 'growth of a log by whole requests',
    method:
      'The whole pipeline as under `requests`, without replicas, until the log is so long; 8,192 entries are measured around each length, and a thousand around the first.',
    quick: [['requests.bench.ts', '--until', '10000']],
    full: [['requests.bench.ts', '--until', '1000000', '--parties', '1000']],
    read: readLengths,
  },
  {
    name: 'growth with patients',
    method: '20,000 entries about so many patients; the second half is measured.',
    quick: [['log.bench.ts', '--only', 'patients']],
    read: readPatients,
  },
  {
    name: 'growth with parties',
    method: 'The whole pipeline as under `requests`, without replicas.',
    quick: PATIENTS.slice(0, 2).map((count) => growing('--parties', count)),
    full: PATIENTS.map((count) => growing('--parties', count)),
    read: (printed: Requests, args) => pointOf('parties', printed, args),
  },
  {
    name: 'growth with organisations',
    method: 'The whole pipeline as under `requests`, without replicas.',
    quick: ORGANISATIONS.slice(0, 2).map((count) => growing('--organisations', count)),
    full: ORGANISATIONS.map((count) => growing('--organisations', count)),
    read: (printed: Requests, args) => pointOf('organisations', printed, args),
  },
  {
    name: 'growth with devices',
    method:
      'As under `sensors`, without ECGs: so many devices send 3,000 batches at once, each as many as the others.',
    quick: WEARABLES.slice(0, 2).map(sending),
    full: WEARABLES.map(sending),
    read: readDevices,
  },
];

function sending(count: string): readonly string[] {
  const none = ['--ecgs', '0', '--seconds', '0', '--alone', '0'];
  return [
    'sensors.bench.ts',
    '--wearables',
    count,
    '--each',
    String(3000 / Number(count)),
    ...none,
  ];
}

function growing(option: string, count: string): readonly string[] {
  return ['requests.bench.ts', '--seconds', '4', '--replicas', 'without', option, count];
}

function pointOf(
  curve: 'parties' | 'organisations',
  printed: Requests,
  args: readonly string[],
): WorkloadResult {
  const cost = printed['without replicas']?.['CPU µs/entry'] ?? 0;
  return { points: [{ curve, point: [Number(args.at(-1)), cost] }] };
}

function readRequests(printed: Requests): WorkloadResult {
  const readings: Reading[] = [];
  for (const name of ['without replicas', 'with replicas'] as const) {
    const found = printed[name] ?? {};
    const target = name === 'without replicas' ? { target: 'ratio ≥ 0.4' } : {};
    readings.push(
      { ...ratioOf(`evidence requests, ${name}`, found), ...target },
      byProcessor(`the same by processor time, ${name}`, found),
      alone(`one request, ${name}, p50`, found['alone p50 ms']),
      alone(`one request, ${name}, p99`, found['alone p99 ms']),
    );
  }
  return { readings };
}

function readHttp(printed: Requests): WorkloadResult {
  const found = printed['without replicas'] ?? {};
  const share = found["the sender's share of all"] ?? 0;
  return {
    readings: [
      ratioOf('evidence requests over HTTP', found),
      byProcessor('the same by the node’s processor time, over HTTP', found),
      {
        what: 'the sender’s share of all processor time',
        batch: 1024,
        value: share * 100,
        unit: '%',
      },
    ],
  };
}

function ratioOf(what: string, found: RequestFigures): Reading {
  return {
    what,
    batch: 1024,
    value: found['entries/s'] ?? 0,
    unit: 'entries/s',
    reference: { what: BOUND, value: found['bound, entries/s'] ?? 0 },
    ratio: found['ratio'] ?? 0,
  };
}

function byProcessor(what: string, found: RequestFigures): Reading {
  return {
    what,
    batch: 1024,
    value: found['CPU µs/entry'] ?? 0,
    unit: 'µs/entry',
    reference: {
      what: `one verification by ${LIBRARY}, µs`,
      value: found['CPU µs/verification'] ?? 0,
    },
    ratio: found['ratio of processor time'] ?? 0,
  };
}

function alone(what: string, value = 0): Reading {
  return { what, batch: 1, value, unit: 'ms' };
}

function readVerify(
  printed: Readonly<Record<string, Rate>>,
  [, option, entries]: readonly string[],
): WorkloadResult {
  const reference = {
    what: `recoveries of one core by ${LIBRARY}`,
    value: printed['signature recoveries alone']?.perSecond ?? 0,
  };
  const long = option === '--entries';
  const readings = (long ? [] : [1, 16, 256]).map((batch): Reading => {
    const value = printed[`entries judged ${batch} at a time`]?.perSecond ?? 0;
    return {
      what: 'entries of a log verified',
      batch,
      value,
      unit: 'entries/s',
      reference,
      ratio: value / reference.value,
      ...(batch === 256 && { target: '≥ 10,000/s' }),
    };
  });
  const value = printed['entries of a log at rest examined, judged 256 at a time']?.perSecond ?? 0;
  readings.push({
    what: `entries of a log at rest examined, with all rows${long ? `, of ${Number(entries).toLocaleString('en')}` : ''}`,
    batch: 256,
    value,
    unit: 'entries/s',
    reference,
    ratio: value / reference.value,
    target: '≥ 10,000/s',
  });
  return { readings };
}

interface LogRates {
  readonly alone: { readonly plain: number; readonly log: number };
  readonly arraysOf100: { readonly plain: number; readonly log: number };
  readonly concurrent1000: { readonly log: number };
}

function appended(batch: number, value: number, plain: number, what: string): Reading {
  return {
    what,
    batch,
    value,
    unit: 'entries/s',
    reference: { what: 'plain synced writes of as many bytes', value: plain },
    ratio: value / plain,
  };
}

function readLog({ alone: one, arraysOf100: many, concurrent1000 }: LogRates): WorkloadResult {
  return {
    readings: [
      appended(1, one.log, one.plain, 'entries appended'),
      appended(100, many.log, many.plain, 'entries appended'),
      appended(1000, concurrent1000.log, many.plain, 'entries appended, each call for itself'),
    ],
  };
}

interface LedgerFigures {
  readonly grantsPerSecond: number;
  readonly single: { readonly p50: number; readonly p99: number };
}

function readLedger(printed: {
  readonly embedded: LedgerFigures;
  readonly anvil?: LedgerFigures;
}): WorkloadResult {
  const { embedded, anvil } = printed;
  return {
    readings: [
      {
        what: 'grants placed',
        batch: 50,
        value: embedded.grantsPerSecond,
        unit: 'grants/s',
        ...(anvil && {
          reference: { what: '`anvil`, in memory', value: anvil.grantsPerSecond },
          ratio: embedded.grantsPerSecond / anvil.grantsPerSecond,
        }),
        target: 'ratio ≥ 0.05',
      },
      alone('one grant placed, p50', embedded.single.p50),
      alone('one grant placed, p99', embedded.single.p99),
    ],
  };
}

function readGrown(printed: Readonly<Record<string, number>>): WorkloadResult {
  const over = `over ${printed['grants'] ?? 0} grants`;
  return {
    readings: [
      alone(`Consent.check ${over}, p50`, printed['check p50 ms']),
      { ...alone(`Consent.check ${over}, p99`, printed['check p99 ms']), target: '< 2 ms' },
      alone(`Consent.check ${over}, p99 of the thread’s own time`, printed['CPU p99 ms']),
      { ...alone(`opening the ledger ${over}`, printed['open ms']), target: '< 3,000 ms' },
    ],
  };
}

function readSealing(printed: Readonly<Record<string, number>>): WorkloadResult {
  const bound = printed['bound of both on one thread, MB/s'] ?? 0;
  const figure = (what: string, key: string, ratio: string): Reading => ({
    what,
    batch: 1,
    value: printed[key] ?? 0,
    unit: 'MB/s',
    reference: { what: 'ChaCha20-Poly1305, then SHA-256, on one thread', value: bound },
    ratio: printed[ratio] ?? 0,
    target: 'ratio ≥ 0.85',
  });
  const byProcessorTime = (what: string, key: string): Reading => ({
    what: `${what}, share of that by processor time`,
    batch: 1,
    value: 100 * (printed[key] ?? 0),
    unit: '%',
  });
  const records = (what: string, key: string): Reading => ({
    what,
    batch: 1,
    value: printed[key] ?? 0,
    unit: 'records/s',
  });
  return {
    readings: [
      figure('sealing, hashing, writing a file', 'seal, hash, write, MB/s', 'seal to the bound'),
      figure('hashing, opening, writing a file', 'hash, open, write, MB/s', 'open to the bound'),
      byProcessorTime('sealing', 'seal to the bound, by processor time'),
      byProcessorTime('opening', 'open to the bound, by processor time'),
      records('records of 2 kB sealed', 'records of 2 kB sealed per second'),
      records('records of 2 kB opened', 'records of 2 kB opened per second'),
    ],
  };
}

function stored(batch: number, value: number): Reading {
  return { what: 'small sealed files stored', batch, value, unit: 'files/s' };
}

function readVault(printed: {
  readonly smallPerSecond: { readonly alone: number; readonly sixteenAtATime: number };
}): WorkloadResult {
  const { alone: one, sixteenAtATime } = printed.smallPerSecond;
  return { readings: [stored(1, one), stored(16, sixteenAtATime)] };
}

function readGrowth({
  growth,
}: {
  readonly growth: readonly Readonly<{
    size: number;
    appendCpu: number;
    makingCpu: number;
    proof: number;
  }>[];
}): WorkloadResult {
  return {
    points: growth.flatMap(({ size, appendCpu, makingCpu, proof }) => [
      {
        curve: 'log-entries' as const,
        point: [size, Math.round((100 * appendCpu) / makingCpu) / 100] as const,
      },
      { curve: 'log-proof' as const, point: [size, proof] as const },
    ]),
  };
}

function readLengths({
  growth,
}: {
  readonly growth: readonly Readonly<{ entries: number; 'in verifications': number }>[];
}): WorkloadResult {
  return {
    points: growth.map(({ entries, 'in verifications': cost }) => ({
      curve: 'entries' as const,
      point: [entries, cost] as const,
    })),
  };
}

function readPatients({
  patients,
}: {
  readonly patients: readonly { patients: number; appendCpu: number }[];
}): WorkloadResult {
  return {
    points: patients.map(({ patients: count, appendCpu }) => ({
      curve: 'log-patients' as const,
      point: [count, appendCpu] as const,
    })),
  };
}
