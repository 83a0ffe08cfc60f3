/**
 * Evidence requests through a whole network in one process, on this disk, beside what the machine could do at most:
 * the rate at which one core verifies secp256k1 signatures, divided by 4, for one agent and three coordinators each
 * verify every signature for themselves.
 *
 * What is measured: doctors write records of many patients, each under a grant, each with a sealed file of its own.
 * Grants, files and signatures are made before the clock starts. Requests go to one agent in arrays, some arrays at a
 * time; each is judged by three coordinators, appended and synced before it counts. While that goes on the log is
 * checkpointed to the ledger, and two other organisations copy entries and files, in the same process, on the same
 * cores. Behind it: how long these copies take to come to their end. Then one request at a time, alone.
 *
 * `node bench/requests.bench.ts [--seconds N] [--parties N] [--array N] [--lanes N] [--no-replicas] [--profile FILE] [--json]`
 */
import { randomBytes } from 'node:crypto';
import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { commitEpochs } from '../src/client/commitEpochs.ts';
import type { DeviceStore } from '../src/client/DeviceStore.ts';
import { enrol } from '../src/client/enrol.ts';
import { grantRight } from '../src/client/grantRight.ts';
import { openParty, type Party } from '../src/client/Party.ts';
import { uploadSealed } from '../src/client/uploadSealed.ts';
import { bytesToHex } from '../src/crypto/bytes.ts';
import { openNetwork, type RunningNetwork } from '../src/node/openNetwork.ts';
import type { Submission } from '../src/protocol/AgentPort.ts';
import type { Grant, Write } from '../src/protocol/requests.ts';
import { sign } from '../src/protocol/signing.ts';
import { threadTimes, timesBetween } from './support/threadTimes.ts';

const { values } = parseArgs({
  allowNegative: true,
  options: {
    seconds: { type: 'string', default: '5' },
    parties: { type: 'string', default: '40' },
    array: { type: 'string', default: '256' },
    lanes: { type: 'string', default: '4' },
    replicas: { type: 'boolean', default: true },
    profile: { type: 'string' },
    json: { type: 'boolean' },
  },
});
const seconds = Number(values.seconds);
const arraySize = Number(values.array);
const lanes = Number(values.lanes);
/** Bytes of a sealed file: a small record, sealed. */
const FILE = 2500;
const LOG = 'care/hospital';

/** A patient's chart, a doctor, and the right of the one to write to the other. */
interface Right {
  readonly doctor: Party;
  readonly grant: Grant;
  readonly digest: `0x${string}`;
}

/** Recoveries of native secp256k1 per second on one core, and the CPU time of one, µs: a busy machine changes it less. */
function verificationRate({ primitives }: RunningNetwork['ports']): {
  perSecond: number;
  cpu: number;
} {
  const secret = randomBytes(32);
  const signed = Array.from({ length: 200 }, () => {
    const digest = randomBytes(32);
    return { digest, signature: primitives.sign(digest, secret) };
  });
  const verify = (milliseconds: number): { perSecond: number; cpu: number } => {
    const [start, before] = [performance.now(), process.threadCpuUsage()];
    let count = 0;
    while (performance.now() - start < milliseconds) {
      for (const { digest, signature } of signed) primitives.recover(digest, signature);
      count += signed.length;
    }
    const { user, system } = process.threadCpuUsage(before);
    const perSecond = (count / (performance.now() - start)) * 1000;
    return { perSecond, cpu: (user + system) / count };
  };
  verify(300);
  return verify(1500);
}

async function openPartyOf(network: RunningNetwork): Promise<Party> {
  const agent = network.agents.get('hospital');
  if (agent === undefined) throw new Error('no agent');
  const kept = new Map<string, string>();
  const device: DeviceStore = {
    read: async (name) => await Promise.resolve(JSON.parse(kept.get(name) ?? 'null') ?? undefined),
    write: async (name, value) => {
      kept.set(name, JSON.stringify(value));
      await Promise.resolve();
    },
  };
  const seed = network.ports.random(32);
  return await openParty({
    ...network.ports,
    seed,
    network: network.file,
    agent,
    log: LOG,
    device,
  });
}

async function inLanes<Item, Result>(
  items: readonly Item[],
  count: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const rest = items.entries();
  const lane = async (): Promise<void> => {
    for (const [place, item] of rest) results[place] = await work(item);
  };
  await Promise.all(Array.from({ length: count }, lane));
  return results;
}

async function grantRights(network: RunningNetwork, parties: number): Promise<Right[]> {
  const doctors = await inLanes(Array.from({ length: Math.ceil(parties / 10) }), 8, async () => {
    const doctor = await openPartyOf(network);
    await enrol(doctor, { role: 'doctor', organisation: 'hospital' });
    return doctor;
  });
  const patients = Array.from({ length: parties - doctors.length }, (_, place) => place);
  return await inLanes(patients, 8, async (place) => {
    const patient = await openPartyOf(network);
    await enrol(patient, { role: 'patient', organisation: 'hospital' });
    await commitEpochs(patient, 1);
    const doctor = doctors[place % doctors.length];
    if (doctor === undefined) throw new Error('no doctor');
    const { grant, digest } = await grantRight(patient, {
      grantee: doctor.address,
      categories: ['laboratory', 'vitals'],
      actions: ['add'],
      purpose: 'TREAT',
      until: Math.floor(Date.now() / 1000) + 30 * 24 * 3600,
    });
    return { doctor, grant, digest };
  });
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield await Promise.resolve(bytes);
}

/** Uploads a new file for each of so many writes, and signs them. */
async function prepare(rights: readonly Right[], count: number): Promise<Submission[]> {
  const writes = Array.from({ length: count }, (_, place) => place);
  return await inLanes(writes, 64, async (place) => {
    const right = rights[place % rights.length];
    if (right === undefined) throw new Error('no right');
    const { doctor, grant, digest } = right;
    const content = new Uint8Array(randomBytes(FILE));
    const file = bytesToHex(doctor.primitives.sha256(content));
    await uploadSealed(doctor, { hash: file, size: FILE }, once(content));
    const write: Write = {
      log: LOG,
      action: 'add',
      handle: grant.handle,
      record: bytesToHex(randomBytes(32)),
      version: 1,
      category: 'laboratory',
      epoch: 1,
      file,
      size: FILE,
      grant: digest,
      purpose: 'TREAT',
      deadline: Math.floor(Date.now() / 1000) + 595,
      salt: bytesToHex(randomBytes(16)),
    };
    return { request: sign(doctor, doctor, 'Write', write), opening: grant };
  });
}

/** Submits arrays until the time is over or none is left; returns how many were acknowledged, and in how long. */
async function run(
  network: RunningNetwork,
  submissions: readonly Submission[],
  forSeconds: number,
): Promise<{ acknowledged: number; seconds: number; refused: Map<string, number> }> {
  const agent = network.agents.get('hospital');
  const arrays: (readonly Submission[])[] = [];
  for (let from = 0; from < submissions.length; from += arraySize) {
    arrays.push(submissions.slice(from, from + arraySize));
  }
  const refused = new Map<string, number>();
  let acknowledged = 0;
  const start = performance.now();
  let last = start;
  const rest = arrays.values();
  const lane = async (): Promise<void> => {
    for (const array of rest) {
      if (performance.now() - start > forSeconds * 1000) return;
      for (const outcome of (await agent?.submit(array)) ?? []) {
        if (outcome.outcome === 'acknowledged') acknowledged += 1;
        const why = outcome.outcome === 'refused' && outcome.problem.code;
        if (why !== false) refused.set(why, (refused.get(why) ?? 0) + 1);
      }
      last = performance.now();
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return { acknowledged, seconds: (last - start) / 1000, refused };
}

/** Has organisations hold what they judge, as they must, but not copy logs and files while they are written. */
function leaveOutReplicas(network: RunningNetwork): void {
  for (const contributor of network.contributors.values()) {
    Object.assign(contributor, { notice: doNothing, catchUp: doNothing });
  }
}

async function doNothing(): Promise<void> {
  await Promise.resolve();
}

/** Waits until replicas hold all entries and files; returns the seconds that it took. */
async function copied(network: RunningNetwork, entered: number): Promise<number> {
  if (!values.replicas) return 0;
  const start = performance.now();
  const size = async (name: string): Promise<number> =>
    (await network.contributors.get(name)?.latestCheckpoint(LOG))?.checkpoint.size ?? 0;
  for (const name of ['laboratory', 'insurer']) {
    const contributor = network.contributors.get(name);
    do await contributor?.catchUp();
    while ((await size(name)) < entered || (await size('hospital')) < entered);
    await contributor?.filesTried();
  }
  return (performance.now() - start) / 1000;
}

async function alone(
  network: RunningNetwork,
  submissions: readonly Submission[],
): Promise<number[]> {
  const times: number[] = [];
  for (const submission of submissions) {
    const start = performance.now();
    const [outcome] = (await network.agents.get('hospital')?.submit([submission])) ?? [];
    if (outcome?.outcome !== 'acknowledged') throw new Error(JSON.stringify(outcome));
    times.push(performance.now() - start);
  }
  return times.toSorted((a, b) => a - b);
}

async function profiled<Result>(work: () => Promise<Result>): Promise<Result> {
  if (values.profile === undefined) return await work();
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  const result = await work();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  await writeFile(values.profile, JSON.stringify(profile));
  return result;
}

const folder = await mkdtemp(join(tmpdir(), 'medseal-bench-'));
const network = await openNetwork({
  folder,
  demo: true,
  // All files are uploaded before the clock starts: far more at once than a party may have waiting.
  quotas: { leasedFiles: 10_000_000, leasedBytes: 2 ** 40 },
  onFailure: (error) => console.error(error),
});
try {
  if (!values.replicas) leaveOutReplicas(network);
  const verification = verificationRate(network.ports);
  const bound = verification.perSecond / 4;
  const rights = await grantRights(network, Number(values.parties));
  const warm = await run(network, await prepare(rights, 4 * arraySize), 10);
  if (warm.acknowledged === 0) throw new Error(JSON.stringify([...warm.refused]));
  await copied(network, warm.acknowledged);
  const rate = warm.acknowledged / warm.seconds;
  const submissions = await prepare(rights, Math.ceil(rate * 1.6 * seconds + lanes * arraySize));
  const [before, threads] = [process.cpuUsage(), threadTimes()];
  const measured = await profiled(async () => await run(network, submissions, seconds));
  const cpu = process.cpuUsage(before);
  const behind = await copied(network, warm.acknowledged + measured.acknowledged);
  const perEntry = ({ user, system }: NodeJS.CpuUsage): number =>
    Math.round((user + system) / measured.acknowledged);
  const [whole, byThread] = [process.cpuUsage(before), threadTimes()];
  const times = await alone(network, await prepare(rights, 200));
  const at = (part: number): number =>
    Number((times[Math.floor(part * (times.length - 1))] ?? 0).toFixed(1));
  const perSecond = measured.acknowledged / measured.seconds;
  const results = {
    machine: `${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}`,
    method: `1 agent, 3 coordinators, ${values.parties} parties, arrays of ${arraySize}, ${lanes} at a time, in process, durable; checkpoints alongside, ${values.replicas ? 'two' : 'no'} replicas`,
    'verifications/s of one core': Math.round(verification.perSecond),
    'CPU µs/verification': Number(verification.cpu.toFixed(1)),
    'bound, entries/s': Math.round(bound),
    seconds: Number(measured.seconds.toFixed(1)),
    acknowledged: measured.acknowledged,
    refused: Object.fromEntries(measured.refused),
    'entries/s': Math.round(perSecond),
    ratio: Number((perSecond / bound).toFixed(3)),
    'cores busy': Number(((cpu.user + cpu.system) / 1e6 / measured.seconds).toFixed(2)),
    'CPU µs/entry, copies included': perEntry(whole),
    'by thread': timesBetween(threads, byThread, measured.acknowledged),
    'in verifications': Number((perEntry(whole) / verification.cpu).toFixed(1)),
    'replicas behind, s': Number(behind.toFixed(1)),
    'alone p50 ms': at(0.5),
    'alone p99 ms': at(0.99),
  };
  if (values.json === true) console.log(JSON.stringify(results));
  else console.dir(results);
} finally {
  await network.close();
  await rm(folder, { recursive: true });
}
