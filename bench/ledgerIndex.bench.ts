/**
 * Measures the index of the ledger on the disk: its first reading of a ledger, its opening when all is known, the memory that
 * it takes then, look-ups as a judgement makes them, and the digest of all rows.
 *
 * `node bench/ledgerIndex.bench.ts [--patients N]`; 100,000 patients unless given, each with ten grants of which nine ended.
 * The targets: a start within 30 s and 600 MB; a look-up of party, patient and grant within 2 ms at p99.
 */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { RowStore } from '../src/database/rows/RowStore.ts';
import type { ServiceDatabase } from '../src/database/synced.ts';
import { openOrganisationFolder } from '../src/folder/OrganisationFolder.ts';
import { systemClock } from '../src/folder/systemClock.ts';
import { network } from '../src/protocol/test/sampleNetwork.ts';
import { blocksBetween } from '../src/services/IndexDigests.ts';
import { indexBasis, LedgerIndex } from '../src/services/LedgerIndex.ts';
import { grantOf, handleOf, partyOf, patientsLedger } from '../src/services/test/patientsLedger.ts';

const { values } = parseArgs({ options: { patients: { type: 'string', default: '100000' } } });
const patients = Number(values.patients);
/** Look-ups, of which 95 in 100 are of 3 patients in 100. */
const LOOKS = 200_000;

const folder = await mkdtemp(join(tmpdir(), 'medseal-bench-index-'));
try {
  const first = await opened();
  const { user, system } = process.cpuUsage(first.before);
  const { rows } = first.index;
  const pass = await digested(first.store);
  await first.database.close();
  const bytes = await bytesIn(join(folder, 'index'));
  console.log(
    `first reading of ${patients} patients: ${rows} rows, ${((user + system) / rows).toFixed(1)} µs of processor time a row with making the events, ${(bytes / rows).toFixed(0)} bytes a row on the disk, load ${(loadavg()[0] ?? 0).toFixed(1)}`,
  );
  console.log(
    `digest of all rows: ${(pass.micros / rows).toFixed(1)} µs of processor time a row, ${((100 * pass.micros) / (user + system)).toFixed(1)} % of the first reading, ${((pass.micros / 1e6 / blocksBetween(first.store.size)) * 100).toFixed(2)} % of a processor at a block a second; longest step ${pass.step.toFixed(0)} ms`,
  );
  const again = await opened();
  const { rss, heapUsed } = process.memoryUsage();
  console.log(
    `opened again: ${again.ms.toFixed(0)} ms, ${(heapUsed / 1e6).toFixed(0)} MB of objects, ${(rss / 1e6).toFixed(0)} MB of the process`,
  );
  const times = Array.from({ length: LOOKS }, (_, at) => look(again.index, at));
  times.sort((left, right) => left - right);
  const at = (share: number): string => ((times[Math.floor(share * LOOKS)] ?? 0) * 1000).toFixed(0);
  console.log(`look-ups: p50 ${at(0.5)} µs, p99 ${at(0.99)} µs, p99.9 ${at(0.999)} µs`);
  await again.database.close();
} finally {
  await rm(folder, { recursive: true });
}

/** Opens the index, and brings it to the newest block. */
async function opened(): Promise<{
  readonly index: LedgerIndex;
  readonly store: RowStore;
  readonly database: ServiceDatabase;
  readonly before: NodeJS.CpuUsage;
  readonly ms: number;
}> {
  const [before, began] = [process.cpuUsage(), performance.now()];
  const database = await (await openOrganisationFolder(folder)).database('index');
  const rows = await RowStore.open(database, indexBasis(network));
  const provider = patientsLedger(() => patients);
  const index = new LedgerIndex({ provider, network, clock: systemClock, rows });
  await index.refresh();
  await index.digested();
  return { index, store: rows, database, before, ms: performance.now() - began };
}

/** Makes the digest of all rows; the processor time of that, and the longest time for which nothing else was done. */
async function digested(
  rows: RowStore,
): Promise<{ readonly micros: number; readonly step: number }> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const before = process.cpuUsage();
  await rows.digest();
  const { user, system } = process.cpuUsage(before);
  delay.disable();
  return { micros: user + system, step: delay.max / 1e6 };
}

/** Looks a party, a chart and a grant up; the milliseconds that it took. */
function look(index: LedgerIndex, round: number): number {
  // The same patients in each run: multiples of two primes.
  const among = round % 20 === 0 ? patients : Math.ceil(patients * 0.03);
  const patient = (round * 7919) % among;
  const grant = grantOf(patient, (round * 104_729) % 10);
  const began = performance.now();
  const found = [
    index.party(partyOf(patient)),
    index.patient(handleOf(patient)),
    index.grant(grant),
  ];
  const took = performance.now() - began;
  if (found.includes(undefined)) throw new Error(`the index does not know patient ${patient}`);
  return took;
}

async function bytesIn(path: string): Promise<number> {
  const sizes = (await readdir(path)).map(async (name) => (await stat(join(path, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
