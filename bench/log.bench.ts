/**
 * The evidence log against its disk: durable appends per second beside plain synced writes of as many bytes, alone,
 * in arrays and concurrent; then the cost of an append and of a proof while the log grows, and with how many patients
 * the entries are about.
 *
 * `node bench/log.bench.ts [--entries N] [--patients N] [--only growth|patients|rates] [--json]`; how far the log grows
 * (100,000 entries unless given; the target is stated for 1,000,000), and to how many patients (100,000 unless given).
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LevelDatabase } from '../src/database/LevelDatabase.ts';
import { bytesToHex, utf8ToBytes } from '../src/crypto/bytes.ts';
import { encryptBodies } from '../src/log/encryptBodies.ts';
import type { EvidenceLog, NewEntry } from '../src/log/EvidenceLog.ts';
import { openEvidenceLog } from '../src/log/openEvidenceLog.ts';
import { createNativePrimitives } from '../src/native/nativePrimitives.ts';
import { openOrganisationFolder } from '../src/folder/OrganisationFolder.ts';
import type { SignedVerdict } from '../src/protocol/evidence/evidence.ts';
import type { Bytes32 } from '../src/protocol/ids.ts';

const primitives = await createNativePrimitives();
const { values } = parseArgs({
  options: {
    entries: { type: 'string', default: '100000' },
    patients: { type: 'string', default: '100000' },
    only: { type: 'string' },
    json: { type: 'boolean' },
  },
});

/** Handles of 1,000 patients, if nothing else is said. */
let handles = Array.from({ length: 1000 }, word);
let made = 0;

function word(): Bytes32 {
  return bytesToHex(randomBytes(32));
}

/** Statements of three coordinators over the array of 100 that an entry is in, with the entry's proof of inclusion. */
let judged: readonly SignedVerdict[] = [];

/** An entry as big as a real one, of a write: a body of 0.9 KB, three verdicts over an array of 100. */
function realEntry(): NewEntry {
  const n = made++;
  const at = 1_700_000_000 + Math.floor(n / 1000);
  const body = JSON.stringify({ at, n, request: randomBytes(430).toString('hex') });
  const entry = bytesToHex(primitives.sha256(utf8ToBytes(body)));
  if (n % 100 === 0) judged = ['c0', 'c1', 'c2'].map((name) => verdictOf(name, at));
  const proof = Array.from({ length: 7 }, () => entry);
  const verdicts = judged.map((verdict) => ({ ...verdict, index: n % 100, proof }));
  const handle = handles[n % handles.length] ?? entry;
  const deadline = at + 60 + (n % 10);
  const version = { record: word(), version: 1, file: word() };
  return { entry, body, request: word(), deadline, handle, version, verdicts };
}

function verdictOf(name: string, at: number): SignedVerdict {
  return {
    coordinator: `0x${name.repeat(20)}`,
    signature: `0x${randomBytes(65).toString('hex')}`,
    verdict: { kind: 'writes', log: word(), size: 100, root: word(), at, includeBy: at + 60 },
    index: 0,
    proof: [],
  };
}

function realEntries(count: number): NewEntry[] {
  return Array.from({ length: count }, realEntry);
}

async function inFolder<Result>(work: (path: string) => Promise<Result>): Promise<Result> {
  const path = await mkdtemp(join(tmpdir(), 'medseal-bench-'));
  try {
    return await work(path);
  } finally {
    await rm(path, { recursive: true });
  }
}

async function openLog(path: string): Promise<EvidenceLog> {
  const bodies = encryptBodies({
    storageKey: randomBytes(32),
    random: randomBytes,
    primitives,
  });
  const identity = {
    name: 'bench/log',
    organisation: 'bench',
    origin: 'bench/log',
    id: word(),
    key: '',
  };
  // As an organisation opens it.
  const database = await (await openOrganisationFolder(path)).database('log');
  return await openEvidenceLog({ identity, database, primitives, bodies });
}

/** Entries per second. */
async function rate(count: number, work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return Math.round((count / (performance.now() - start)) * 1000);
}

/** Plain synced writes of as many rows and bytes as entries would be, `size` entries to a write. */
async function plainRate(count: number, size: number): Promise<number> {
  return await inFolder(async (path) => {
    const database = new LevelDatabase(path);
    await database.open();
    const view = { keyEncoding: 'view', valueEncoding: 'view', sync: true } as const;
    // Entry, body, secret, request, patient, two hashes, verdicts.
    const rows = [48, 960, 32, 8, 0, 32, 32, 2800].map(
      (length) => new Uint8Array(randomBytes(length)),
    );
    const writes = Array.from({ length: count / size }, () =>
      Array.from({ length: size }, () =>
        rows.map((value) => ({ type: 'put' as const, key: new Uint8Array(randomBytes(9)), value })),
      ).flat(),
    );
    const result = await rate(count, async () => {
      for (const write of writes) await database.batch<Uint8Array, Uint8Array>(write, view);
    });
    await database.close();
    return result;
  });
}

async function logRate(
  count: number,
  work: (log: EvidenceLog, entries: NewEntry[]) => Promise<void>,
): Promise<number> {
  return await inFolder(async (path) => {
    const log = await openLog(path);
    const entries = realEntries(count);
    const result = await rate(count, async () => {
      await work(log, entries);
    });
    await log.close();
    return result;
  });
}

async function inArrays(log: EvidenceLog, entries: NewEntry[], size: number): Promise<void> {
  for (let from = 0; from < entries.length; from += size) {
    await log.append(entries.slice(from, from + size));
  }
}

/**
 * Cost of the log at one size, in microseconds: an entry of its second half in arrays of 100, and an inclusion proof.
 */
interface Cost {
  readonly size: number;
  readonly append: number;
  /** Of all threads, so what the database does behind counts too. */
  readonly appendCpu: number;
  /** Time to make one entry in the same run: the same work at every size, so it tells how fast the machine was. */
  readonly makingCpu: number;
  readonly proof: number;
}

/** Cost of the log with so many patients, processor time of all threads in microseconds. */
interface PatientsCost {
  readonly patients: number;
  readonly appendCpu: number;
  /** Finding all entries about one of them. */
  readonly listingCpu: number;
}

async function growth(target: number): Promise<Cost[]> {
  // Before anything counts the code is compiled.
  await inFolder(async (path) => await grow(await openLog(path), 20_000));
  return await inFolder(async (path) => {
    const log = await openLog(path);
    const found: Cost[] = [];
    for (let size = 1000; size <= target; size *= 10) {
      await grow(log, size / 2);
      const costs = await grow(log, size);
      const start = performance.now();
      for (let run = 0; run < 200; run++) {
        await log.inclusion(Math.floor((log.size * run) / 200), log.size);
      }
      const proof = ((performance.now() - start) / 200) * 1000;
      found.push({ size, ...costs, makingCpu: making(), proof: Math.round(proof) });
    }
    await log.close();
    return found;
  });
}

/** Time to make an entry; the threads' times are counted by ticks, so many entries are made. */
function making(): number {
  const before = process.threadCpuUsage();
  for (let run = 0; run < 40; run++) realEntries(500);
  const { user, system } = process.threadCpuUsage(before);
  return Math.round((user + system) / 2000) / 10;
}

/** Appends up to a size in arrays of 100. The time to make the entries is left out. */
async function grow(log: EvidenceLog, size: number): Promise<Pick<Cost, 'append' | 'appendCpu'>> {
  const [count, before] = [size - log.size, process.cpuUsage()];
  let [waited, makingThem] = [0, 0];
  while (log.size < size) {
    const begun = process.threadCpuUsage();
    const entries = realEntries(Math.min(500, size - log.size));
    const { user, system } = process.threadCpuUsage(begun);
    makingThem += user + system;
    const start = performance.now();
    await inArrays(log, entries, 100);
    waited += performance.now() - start;
  }
  const { user, system } = process.cpuUsage(before);
  return {
    append: Math.round((1000 * waited) / count),
    appendCpu: Math.round((user + system - makingThem) / count),
  };
}

/** Cost of an entry in a log of 20,000 entries about so many patients, and of listing those of one, in microseconds. */
async function patientsGrowth(target: number): Promise<PatientsCost[]> {
  const found: PatientsCost[] = [];
  for (let patients = 10; patients <= target; patients *= 10) {
    handles = Array.from({ length: patients }, word);
    const cost = await inFolder(async (path) => {
      const log = await openLog(path);
      await inArrays(log, realEntries(10_000), 1000);
      const entries = realEntries(10_000);
      const before = process.cpuUsage();
      await inArrays(log, entries, 100);
      const { user, system } = process.cpuUsage(before);
      const begun = process.cpuUsage();
      for (let run = 0; run < 100; run++) await log.concerning(handles[run % patients] ?? '0x');
      const listing = process.cpuUsage(begun);
      await log.close();
      return {
        patients,
        appendCpu: Math.round((user + system) / entries.length),
        listingCpu: Math.round((listing.user + listing.system) / 100),
      };
    });
    found.push(cost);
  }
  return found;
}

async function rates(): Promise<object> {
  return {
    alone: {
      plain: await plainRate(2000, 1),
      log: await logRate(2000, async (log, entries) => {
        await inArrays(log, entries, 1);
      }),
    },
    arraysOf100: {
      plain: await plainRate(20_000, 100),
      log: await logRate(20_000, async (log, entries) => {
        await inArrays(log, entries, 100);
      }),
    },
    concurrent1000: {
      log: await logRate(20_000, async (log, entries) => {
        for (let from = 0; from < entries.length; from += 1000) {
          const group = entries.slice(from, from + 1000);
          await Promise.all(group.map(async (entry) => await log.append([entry])));
        }
      }),
    },
  };
}

const wanted = (part: string): boolean => values.only === undefined || values.only === part;
const results = {
  unit: 'entries/s, durable',
  ...(wanted('rates') && (await rates())),
  ...(wanted('growth') && { growth: await growth(Number(values.entries)) }),
  ...(wanted('patients') && { patients: await patientsGrowth(Number(values.patients)) }),
};

if (values.json === true) console.log(JSON.stringify(results));
else console.dir(results, { depth: 3 });
