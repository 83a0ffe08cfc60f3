/**
 * Measures the index of a ledger that is years old: 10⁶ patients with ten rights each, 13 million rows. Their database is filled with the rows
 * that the index itself would make. Then, each in a process of its own: a later start with the memory that it takes, look-ups and judgements of
 * patients all over it, the digest of all rows, a start after `kill -9` in the midst of news, and the merging of all tables.
 *
 * `node bench/yearOldIndex.bench.ts [--patients N] [--looks N] [--folder DIR] [--json]`; a folder that is named is kept, and not filled again.
 */
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs, promisify } from 'node:util';
import type { LedgerProvider } from '../src/bindings/LedgerProvider.ts';
import { systemClock } from '../src/folder/systemClock.ts';
import { openOrganisationFolder } from '../src/folder/OrganisationFolder.ts';
import { openNetwork, openNetworkNode } from '../src/node/openNetwork.ts';
import { openLedgerIndex } from '../src/node/atLedger/openLedgerIndex.ts';
import { RowStore } from '../src/database/rows/RowStore.ts';
import type { Address } from '../src/protocol/ids.ts';
import { digestOf } from '../src/protocol/struct/signing.ts';
import { context, network } from '../src/protocol/test/sampleNetwork.ts';
import { blocksBetween } from '../src/services/IndexDigests.ts';
import { indexBasis, type LedgerIndex } from '../src/services/LedgerIndex.ts';
import { addRows, fillIndex } from '../src/services/test/fillIndex.ts';
import { judgeFilled, openingOf } from '../src/services/test/judgeFilled.ts';
import { grantOf, handleOf, partyOf, patientsLedger } from '../src/services/test/patientsLedger.ts';

type Figures = Readonly<Record<string, number>>;

const { values } = parseArgs({
  options: {
    patients: { type: 'string', default: '1000000' },
    looks: { type: 'string', default: '100000' },
    folder: { type: 'string' },
    json: { type: 'boolean' },
    /** Runs one step in this process. */
    step: { type: 'string' },
  },
});
const patients = Number(values.patients);
const looks = Number(values.looks);
/** Patients whose events come after the start that is killed. */
const NEWS = 5000;
/** Answers of the ledger after which it is. */
const ANSWERS = 12;
/** File that says that there are such events. */
const NEWS_CAME = 'news';
const folder = values.folder ?? (await mkdtemp(join(tmpdir(), 'medseal-bench-year-')));

const steps: Readonly<Record<string, () => Promise<Figures>>> = {
  fill,
  start,
  digest,
  killed,
  'start after that': start,
  compact,
  found,
  node,
};

function argumentsFor(step: string): readonly string[] {
  const { patients: count, looks: number } = values;
  return ['--step', step, '--folder', folder, '--patients', count, '--looks', number];
}

async function inProcess(step: string): Promise<Figures> {
  const args = [import.meta.filename, ...argumentsFor(step)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as Figures;
}

/** Ends a process by force once it has written some of the news. */
async function killInTheMidst(): Promise<void> {
  await writeFile(join(folder, NEWS_CAME), '');
  const child = fork(import.meta.filename, [...argumentsFor('killed')]);
  await once(child, 'message');
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

async function fill(): Promise<Figures> {
  const began = performance.now();
  const place = await openOrganisationFolder(join(folder, 'node/ledger'));
  const database = await place.database('index');
  await fillIndex(database, patients);
  await database.close();
  const seconds = (performance.now() - began) / 1000;
  return { seconds, ...processor(), ...(await memory()), bytes: await bytesOnDisk() };
}

/** Opens the index as a node does, and brings it to the newest block. */
async function opened(provider: LedgerProvider): Promise<{
  readonly index: LedgerIndex;
  readonly close: () => Promise<void>;
  readonly ms: number;
}> {
  const began = performance.now();
  const { index, close } = await openLedgerIndex(
    { part: async (name) => await openOrganisationFolder(join(folder, name)) },
    { provider, network, clock: systemClock, onFailure: fail },
  );
  await index.refresh();
  return { index, close, ms: performance.now() - began };
}

async function start(): Promise<Figures> {
  const before = await memory();
  const newest = patients + (existsSync(join(folder, NEWS_CAME)) ? NEWS : 0);
  const { index, close, ms } = await opened(patientsLedger(() => newest));
  if (index.rows !== 13 * newest) throw new Error(`only ${index.rows} rows`);
  const after = await memory();
  const found = {
    'start ms': ms,
    'MB of the process before': before.anonymous,
    'MB after the start': after.anonymous,
    ...timed('look-up', (at) => look(index, at)),
    ...timed('active grants', (at) => active(index, at)),
    ...timed('check', (at) => judgeFilled(index, at, granteeOf(at))),
    ...timed('digest of an opening', (at) =>
      digestOf(context, 'Grant', openingOf(at, granteeOf(at))),
    ),
  };
  const { anonymous, file, peak } = await memory();
  await index.digested();
  await close();
  return { ...found, 'MB after that': anonymous, 'MB of files': file, 'MB at most': peak };
}

/** Times a call for patients in an order without a pattern, so that nearly none of their rows is in memory. */
function timed(name: string, call: (patient: number) => unknown): Record<string, number> {
  const before = process.resourceUsage().majorPageFault;
  const times = new Float64Array(looks);
  const used = process.cpuUsage();
  for (let round = 0; round < looks; round++) {
    const patient = Math.imul(round + 1, 0x9e_37_79_b1) >>> 0;
    const began = performance.now();
    call(patient % patients);
    times[round] = performance.now() - began;
  }
  const { user, system } = process.cpuUsage(used);
  times.sort();
  const { majorPageFault } = process.resourceUsage();
  const at = (part: number): number => Math.round(1000 * (times[Math.floor(part * looks)] ?? 0));
  return {
    [`${name} p50 µs`]: at(0.5),
    [`${name} p99 µs`]: at(0.99),
    [`${name}, processor µs on average`]: Math.round((user + system) / looks),
    [`${name}: reads of the disk`]: (majorPageFault - before) / looks,
  };
}

function look(index: LedgerIndex, patient: number): void {
  const rows = [index.party(partyOf(patient)), index.patient(handleOf(patient))];
  if (rows.includes(undefined) || index.grant(grantOf(patient, 3)) === undefined) {
    throw new Error(`the index does not know patient ${patient}`);
  }
}

function active(index: LedgerIndex, patient: number): void {
  const [grant, ...others] = index.activeGrants(handleOf(patient));
  if (grant !== grantOf(patient, 0) || others.length > 0) throw new Error(`patient ${patient}`);
}

/** Whoever has the right of a patient that stands: the next patient. */
function granteeOf(patient: number): Address {
  return partyOf((patient + 1) % patients);
}

async function digest(): Promise<Figures> {
  const database = await (
    await openOrganisationFolder(join(folder, 'node/ledger'))
  ).database('index');
  const rows = await RowStore.open(database, indexBasis(network));
  const before = await memory();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const [began, used] = [performance.now(), process.cpuUsage()];
  await rows.digest();
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(used);
  delay.disable();
  const after = await memory();
  await database.close();
  return {
    seconds,
    'processor s': (user + system) / 1e6,
    'longest step ms': delay.max / 1e6,
    'blocks between two': blocksBetween(17 * patients),
    'MB before': before.anonymous,
    'MB at most': after.peak,
    'MB after': after.anonymous,
  };
}

/** Reads news until it is killed. */
async function killed(): Promise<Figures> {
  const news = patientsLedger(() => patients + NEWS);
  let answers = 0;
  await opened({
    request: async (call) => {
      if (call.method === 'eth_getLogs' && (answers += 1) === ANSWERS) process.send?.('now');
      return await news.request(call);
    },
  });
  throw new Error('it was to be killed');
}

async function compact(): Promise<Figures> {
  const place = await openOrganisationFolder(join(folder, 'node/ledger'));
  const database = await place.database('index');
  const began = performance.now();
  await (
    database as unknown as { compactRange(from: string, to: string): Promise<void> }
  ).compactRange('\0', '\u{ffff}');
  const seconds = (performance.now() - began) / 1000;
  await database.close();
  return { seconds, ...processor(), ...(await memory()), 'bytes after': await bytesOnDisk() };
}

/** Founds a network whose index has the filled rows beside its own. */
async function found(): Promise<Figures> {
  const path = join(folder, 'network');
  await (await openNetwork({ folder: path, demo: true })).close();
  const filled = await (
    await openOrganisationFolder(join(folder, 'node/ledger'))
  ).database('index');
  const own = await (await openOrganisationFolder(join(path, 'node/ledger'))).database('index');
  await addRows(filled, own);
  await filled.close();
  await own.close();
  const index = join(path, 'node/ledger/index');
  await rm(index, { recursive: true });
  await rename(join(folder, 'node/ledger/index'), index);
  return {};
}

/** Starts all nodes of that network in this process. */
async function node(): Promise<Figures> {
  const before = await memory();
  const began = performance.now();
  const { node: running } = await openNetworkNode({ folder: join(folder, 'network'), demo: true });
  const ms = performance.now() - began;
  const after = await memory();
  const [{ index } = {}] = running.organisations.values();
  if (index === undefined || index.rows < 13 * patients) throw new Error('rows are missing');
  await running.close();
  return {
    'start ms': ms,
    'MB before': before.anonymous,
    'MB after': after.anonymous,
    'MB at most': after.peak,
  };
}

async function memory(): Promise<{ anonymous: number; file: number; peak: number }> {
  const status = await readFile('/proc/self/status', 'utf8');
  const of = (name: string): number =>
    Math.round(Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1000);
  return { anonymous: of('RssAnon'), file: of('RssFile'), peak: of('VmHWM') };
}

function processor(): { 'processor s': number } {
  const { user, system } = process.cpuUsage();
  return { 'processor s': (user + system) / 1e6 };
}

async function bytesOnDisk(): Promise<number> {
  const path = join(folder, 'node/ledger/index');
  const sizes = (await readdir(path)).map(async (name) => (await stat(join(path, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

function fail(error: unknown): void {
  throw error;
}

if (values.step !== undefined) {
  console.log(JSON.stringify(await steps[values.step]?.()));
} else {
  try {
    const found: Record<string, Figures> = {};
    for (const step of Object.keys(steps)) {
      if (step === 'fill' && existsSync(join(folder, 'node'))) continue;
      if (step === 'killed') await killInTheMidst();
      else found[step] = await inProcess(step);
      if (values.json !== true) console.log(`${step}:`, found[step]);
    }
    const [load = 0] = loadavg();
    if (values.json === true) console.log(JSON.stringify({ patients, load, ...found }));
    else console.log(`load ${load.toFixed(1)}`);
  } finally {
    if (values.folder === undefined) await rm(folder, { recursive: true });
  }
}
