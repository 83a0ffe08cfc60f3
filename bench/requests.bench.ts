/**
 * Evidence requests through a whole network in one process, on this disk, beside what the machine could do at most:
 * the rate at which one core verifies secp256k1 signatures, divided by 4, for one agent and three coordinators each
 * verify every signature for themselves.
 *
 * The load: doctors write records of many patients, each under a grant, each with a sealed file of its own. Grants,
 * files and signatures are made before the clock starts. Requests go to one agent in arrays, some arrays at a time;
 * each is judged by all coordinators, appended and synced before it counts. While that goes on the log is checkpointed
 * to the ledger. Then one request at a time, alone. All of it twice: without replicas, which is what the bound counts,
 * and with all other organisations copying entries and files in the same process, on the same cores, as far as these
 * come; how far they are behind at the end is said too.
 *
 * On a machine that does other things too, the ratio is that of what it left. "Ratio of processor time" is what the
 * ratio would be with all cores busy with this alone: it compares processor time with processor time.
 *
 * With `--guarded` the channel has a release key, so that each coordinator reads the header of each file before it judges, and
 * verifies the proof in its seal.
 *
 * With `--until N` instead: writes until the log has so many entries, without replicas, and what an entry costs at each
 * tenfold from a thousand on.
 *
 * `node bench/requests.bench.ts [--seconds N] [--parties N] [--organisations N] [--array N] [--lanes N]
 * [--replicas with|without|both] [--guarded] [--http] [--profile FILE] [--until N] [--json]`
 */
import { fork } from 'node:child_process';
import { once as happened } from 'node:events';
import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { DeviceStore } from '../src/client/party/DeviceStore.ts';
import { openParty, type Party } from '../src/client/party/Party.ts';
import { openNetwork, type RunningNetwork } from '../src/node/openNetwork.ts';
import type { Submission } from '../src/protocol/AgentPort.ts';
import { listen } from '../src/http/listen.ts';
import { networkApp } from '../src/http/networkApp.ts';
import type { HttpLoad, HttpLoadResult } from './support/httpLoad.ts';
import { submitArrays, type Submitted } from './support/submitArrays.ts';
import { grantRights, prepareArrays, prepareWrites } from './support/writeLoad.ts';
import { threadTimes, timesBetween } from './support/threadTimes.ts';
import { verificationRate } from './support/verificationRate.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    parties: { type: 'string', default: '100' },
    array: { type: 'string', default: '1024' },
    lanes: { type: 'string', default: '5' },
    organisations: { type: 'string', default: '3' },
    replicas: { type: 'string', default: 'both' },
    guarded: { type: 'boolean', default: false },
    http: { type: 'boolean', default: false },
    profile: { type: 'string' },
    until: { type: 'string' },
    json: { type: 'boolean' },
  },
});
const seconds = Number(values.seconds);
const arraySize = Number(values.array);
const lanes = Number(values.lanes);
const LOG = 'care/hospital';
const organisations = [
  'hospital',
  'laboratory',
  'insurer',
  'clinic',
  'pharmacy',
  'registry',
  'institute',
].slice(0, Number(values.organisations));
const cores = cpus().length;

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

/** Sends arrays of submissions to the first agent: here, or over HTTP from a process of its own. */
async function run(
  network: RunningNetwork,
  arrays: readonly string[],
  forSeconds: number,
): Promise<Submitted & { readonly cpu?: number }> {
  const agent = network.agents.get('hospital');
  if (agent === undefined) throw new Error('no agent');
  const how = { lanes, seconds: forSeconds };
  if (!values.http) return await submitArrays(agent, arrays, how);
  const folder = await mkdtemp(join(tmpdir(), 'medseal-load-'));
  const server = await listen(networkApp(network.agents), 0);
  const sender = fork(new URL('support/httpLoad.ts', import.meta.url), { execArgv: [] });
  try {
    const path = join(folder, 'arrays');
    await writeFile(path, arrays.join('\n'));
    sender.send({ ...how, url: `${server.url}/hospital`, path } satisfies HttpLoad);
    await happened(sender, 'message');
    sender.send('go');
    const [result] = (await happened(sender, 'message')) as [HttpLoadResult];
    return result;
  } finally {
    sender.kill();
    await server.close();
    await rm(folder, { recursive: true });
  }
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
  const start = performance.now();
  const size = async (name: string): Promise<number> =>
    (await network.contributors.get(name)?.latestCheckpoint(LOG))?.checkpoint.size ?? 0;
  for (const name of organisations.slice(1)) {
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

async function inNetwork<Result>(
  work: (network: RunningNetwork) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'medseal-bench-'));
  const network = await openNetwork({
    folder,
    demo: true,
    unguarded: !values.guarded,
    organisations,
    // All files are uploaded before the clock starts: far more at once than a party may have waiting.
    quotas: { leasedFiles: 10_000_000, leasedBytes: 2 ** 40 },
    onFailure: (error) => console.error(error),
  });
  try {
    return await work(network);
  } finally {
    await network.close();
    await rm(folder, { recursive: true });
  }
}

/** Entries that are written at a time while a log grows: what a minute or so of them takes up waits in memory. */
const CHUNK = 32 * 1024;
/** Entries over which the cost is measured at each size, as many before it as after it. */
const SPAN = 8 * 1024;

/** Measures the cost of an entry in a log of a thousand entries, of ten thousand, and so on. */
async function measureGrowth(until: number): Promise<object> {
  // The first thousands of a process are compiled while they run.
  await inNetwork(async (network) => {
    const rights = await grantRights(async () => await openPartyOf(network), 50);
    await run(network, await prepareArrays(rights, 8 * arraySize, arraySize), 60);
  });
  return await inNetwork(async (network) => {
    leaveOutReplicas(network);
    const { cpu: verification } = verificationRate(network.ports);
    const rights = await grantRights(
      async () => await openPartyOf(network),
      Number(values.parties),
    );
    const points: object[] = [];
    let entries = 0;
    const write = async (count: number): Promise<number> => {
      const arrays = await prepareArrays(rights, count, arraySize);
      const before = process.cpuUsage();
      const { acknowledged, refused } = await run(network, arrays, 3600);
      const { user, system } = process.cpuUsage(before);
      // On a busy machine some wait for too long; what it took to refuse them counts as well.
      if (acknowledged < count / 2) throw new Error(JSON.stringify(refused));
      entries += acknowledged;
      return (user + system) / acknowledged;
    };
    for (let size = 1000; size <= until; size *= 10) {
      const span = Math.min(SPAN, size);
      const from = size - span / 2;
      for (let left = from - entries; left > 0; left = from - entries) {
        await write(Math.min(CHUNK, left));
      }
      const cost = await write(span);
      const point = {
        entries: size,
        'CPU µs/entry': Math.round(cost),
        'in verifications': Number((cost / verification).toFixed(2)),
      };
      console.error(JSON.stringify(point));
      points.push(point);
    }
    return points;
  });
}

async function measure(replicas: boolean): Promise<object> {
  return await inNetwork(async (network) => {
    if (!replicas) leaveOutReplicas(network);
    const caughtUp = async (entered: number): Promise<number> =>
      replicas ? await copied(network, entered) : 0;
    const verification = verificationRate(network.ports);
    const bound = verification.perSecond / 4;
    const rights = await grantRights(
      async () => await openPartyOf(network),
      Number(values.parties),
    );
    const warm = await run(network, await prepareArrays(rights, 8 * arraySize, arraySize), 10);
    if (warm.acknowledged === 0) throw new Error(JSON.stringify(warm.refused));
    await caughtUp(warm.acknowledged);
    const rate = warm.acknowledged / warm.seconds;
    const enough = Math.ceil(rate * 1.25 * seconds + lanes * arraySize);
    const arrays = await prepareArrays(rights, enough, arraySize);
    const [before, threads] = [process.cpuUsage(), threadTimes()];
    const measured = await profiled(async () => await run(network, arrays, seconds));
    const cpu = process.cpuUsage(before);
    const behind = await caughtUp(warm.acknowledged + measured.acknowledged);
    const [whole, byThread] = [process.cpuUsage(before), threadTimes()];
    const perEntry = (whole.user + whole.system) / measured.acknowledged;
    const times = await alone(network, await prepareWrites(rights, 200));
    const at = (part: number): number =>
      Number((times[Math.floor(part * (times.length - 1))] ?? 0).toFixed(1));
    const perSecond = measured.acknowledged / measured.seconds;
    return {
      'verifications/s of one core': Math.round(verification.perSecond),
      'CPU µs/verification': Number(verification.cpu.toFixed(1)),
      'bound, entries/s': Math.round(bound),
      seconds: Number(measured.seconds.toFixed(1)),
      acknowledged: measured.acknowledged,
      refused: measured.refused,
      'entries/s': Math.round(perSecond),
      ratio: Number((perSecond / bound).toFixed(3)),
      'cores busy': Number(((cpu.user + cpu.system) / 1e6 / measured.seconds).toFixed(2)),
      'ratio of processor time': Number(((4 * cores * verification.cpu) / perEntry).toFixed(3)),
      'CPU µs/entry': Math.round(perEntry),
      'by thread': timesBetween(threads, byThread, measured.acknowledged),
      'in verifications': Number((perEntry / verification.cpu).toFixed(1)),
      ...(measured.cpu !== undefined && {
        "the sender's CPU µs/entry": Math.round(measured.cpu / measured.acknowledged),
        "the sender's share of all": Number(
          (measured.cpu / (measured.cpu + cpu.user + cpu.system)).toFixed(2),
        ),
      }),
      ...(replicas && { 'replicas behind, s': Number(behind.toFixed(1)) }),
      'alone p50 ms': at(0.5),
      'alone p99 ms': at(0.99),
    };
  });
}

const results = {
  machine: `${cores} × ${cpus()[0]?.model}, Node ${process.version}`,
  method: `1 agent, ${organisations.length} coordinators, ${values.parties} parties, arrays of ${arraySize}, ${lanes} at a time, ${values.http ? 'over HTTP from another process' : 'in process'}${values.guarded ? ', with a release key' : ''}, durable, checkpoints alongside`,
  ...(values.until === undefined
    ? {
        ...(values.replicas !== 'with' && { 'without replicas': await measure(false) }),
        ...(values.replicas !== 'without' && { 'with replicas': await measure(true) }),
      }
    : { growth: await measureGrowth(Number(values.until)) }),
};
if (values.json === true) console.log(JSON.stringify(results));
else console.dir(results, { depth: 4 });
