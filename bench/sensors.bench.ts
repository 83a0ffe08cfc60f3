/**
 * Readings of devices, from the device to the log, with all parts on this machine: devices that are simulated in a
 * process of their own, each with a connection to a broker; a gateway with its spool in another; and the nodes of three
 * organisations in a third, which the gateway reaches over HTTP. Each device is bound to a patient of its own.
 *
 * Batches have ten seconds. First one device alone sends a batch once the one before is on the log. Then all measure at
 * their own pace for so long: from the end of a batch until its device hears that it is on the log. Then all send many
 * batches at once, which shows how many a second this machine takes to the log, and so how many devices; `--length` gives
 * these another number of seconds.
 *
 * The reference is the rate of secp256k1 verifications of one core, measured in the same run. A batch takes at least ten
 * of them: the gateway verifies the device's signature when it comes and when it is sealed; the agent and three
 * coordinators verify the device's and the gateway's. On a machine that does other things too, "by processor time" says
 * what would hold if the two cores did this alone.
 *
 * `node bench/sensors.bench.ts [--wearables N] [--ecgs N] [--seconds N] [--alone N] [--each N] [--length N] [--broker URL] [--profiles FOLDER]
 * [--keep FOLDER] [--json]`; with `--keep` the network and its bound devices stay in the folder for further runs.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { enrol } from '../src/client/party/enrol.ts';
import { memoryDevice } from '../src/client/party/memoryDevice.ts';
import { openParty, type Party } from '../src/client/party/Party.ts';
import { bytesToHex } from '../src/crypto/bytes.ts';
import { listen } from '../src/http/listen.ts';
import { networkApp } from '../src/http/networkApp.ts';
import { openNetwork } from '../src/node/openNetwork.ts';
import type { SensorChoice } from '../src/sensors/simulate/SimulatedSensor.ts';
import { bindSensors } from './support/sensors/bindSensors.ts';
import type {
  AloneWanted,
  BurstWanted,
  DevicesHeard,
  DevicesToRun,
  PaceWanted,
} from './support/sensors/deviceProcess.ts';
import type { GatewayCame, GatewayToRun } from './support/sensors/gatewayProcess.ts';
import { startProgram } from './support/sensors/startProgram.ts';
import { threadTimes, timesBetween } from './support/threadTimes.ts';
import { verificationRate } from './support/verificationRate.ts';

const { values } = parseArgs({
  options: {
    wearables: { type: 'string', default: '1000' },
    ecgs: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '600' },
    each: { type: 'string', default: '10' },
    alone: { type: 'string', default: '50' },
    length: { type: 'string', default: '10' },
    broker: { type: 'string' },
    profiles: { type: 'string' },
    keep: { type: 'string' },
    json: { type: 'boolean' },
  },
});
const LOG = 'care/hospital';
const [wearables, ecgs] = [Number(values.wearables), Number(values.ecgs)];
const cores = cpus().length;
const { profiles } = values;

const folder = values.keep ?? (await mkdtemp(join(tmpdir(), 'medseal-bench-')));
const network = await openNetwork({
  folder,
  demo: true,
  unguarded: true,
  onFailure: (error) => console.error(error),
});
const server = await listen(networkApp(network.agents), 0);
const gateway = startProgram(
  new URL('support/sensors/gatewayProcess.ts', import.meta.url),
  profiles,
);
const devices = startProgram(
  new URL('support/sensors/deviceProcess.ts', import.meta.url),
  profiles,
);

async function open(seed = network.ports.random(32)): Promise<Party> {
  const agent = network.agents.get('hospital');
  if (agent === undefined) throw new Error('no agent');
  const { ports, file } = network;
  return await openParty({
    ...ports,
    network: file,
    agent,
    log: LOG,
    device: memoryDevice(),
    seed,
  });
}

/** Processor time of the three processes so far, milliseconds. */
function usage(): { readonly nodes: number; readonly gateway: number; readonly devices: number } {
  const { user, system } = process.cpuUsage();
  return { nodes: (user + system) / 1000, gateway: gateway.cpu(), devices: devices.cpu() };
}

/** Has the devices do something, and says what it cost for each batch. */
async function measure(wanted: PaceWanted | AloneWanted | BurstWanted): Promise<object> {
  const [before, threads, begun] = [usage(), threadTimes(), performance.now()];
  const { sent, entered, stored, evidence, lasted, errors } =
    await devices.ask<DevicesHeard>(wanted);
  await settled();
  const after = usage();
  const took = performance.now() - begun;
  const used = {
    nodes: after.nodes - before.nodes,
    gateway: after.gateway - before.gateway,
    devices: after.devices - before.devices,
  };
  const each = (milliseconds: number): number => Math.round((1000 * milliseconds) / entered);
  const own = used.nodes + used.gateway;
  return {
    batches: sent,
    'entered, as devices heard': entered,
    errors,
    'stored p50 ms': stored.p50,
    'stored p99 ms': stored.p99,
    'evidence p50 ms': evidence.p50,
    'evidence p99 ms': evidence.p99,
    'evidence most ms': evidence.most,
    'batches/s': Number(((1000 * entered) / lasted).toFixed(1)),
    'cores busy': Number(((own + used.devices) / took).toFixed(2)),
    'nodes, CPU µs/batch': each(used.nodes),
    'gateway, CPU µs/batch': each(used.gateway),
    'devices, CPU µs/batch': each(used.devices),
    'in verifications': Number(((1000 * own) / entered / verification.cpu).toFixed(1)),
    'by thread of the nodes': timesBetween(threads, threadTimes(), entered),
    load: Number((loadavg()[0] ?? 0).toFixed(1)),
  };
}

/** Waits until the gateway has nothing more to send. */
async function settled(): Promise<GatewayCame> {
  for (;;) {
    const came = await gateway.ask<GatewayCame>({});
    if (came.waiting === 0) return came;
    await new Promise((resolve) => void setTimeout(resolve, 100));
  }
}

const session = new Session();
if (profiles !== undefined) {
  session.connect();
  await session.post('Profiler.enable');
}
const verification = verificationRate(network.ports);
const {
  seed,
  bound,
  ms: binding,
} = await kept(join(folder, 'devices.json'), async () => {
  const carrier = network.ports.random(32);
  const { address } = await enrolled(carrier);
  const label = bytesToHex(randomBytes(16));
  const start = performance.now();
  const devicesBound = await bindSensors(open, choicesOf(label), address);
  return { seed: bytesToHex(carrier), bound: devicesBound, ms: performance.now() - start };
});
const sensors = bound.slice(0, wearables + ecgs);
const alone = bound.slice(-2);
const begun = performance.now();
const { door: own } = await gateway.ask<GatewayCame>({
  url: `${server.url}/hospital`,
  network: network.file,
  log: LOG,
  seed,
  spool: join(folder, `gateway-${bytesToHex(randomBytes(4))}`),
  ...(values.broker !== undefined && { broker: values.broker }),
} satisfies GatewayToRun);
const starting = performance.now() - begun;
const door = values.broker ?? own;
await devices.ask({
  kind: 'devices',
  sensors,
  alone,
} satisfies DevicesToRun);
const [batches, paced, each] = [values.alone, values.seconds, values.each].map(Number) as [
  number,
  number,
  number,
];
const results = {
  devices: sensors.length,
  machine: `${cores} × ${cpus()[0]?.model}, Node ${process.version}`,
  method: `${wearables} wearables and ${ecgs} ECGs at 500 Hz, batches of 10 s, over MQTT; gateway, devices and nodes of three organisations in processes of their own; replicas and checkpoints alongside`,
  'verifications/s of one core': Math.round(verification.perSecond),
  'CPU µs/verification': Number(verification.cpu.toFixed(1)),
  'binding, ms/device': Number((binding / bound.length).toFixed(1)),
  'start of the gateway with all rights, s': Number((starting / 1000).toFixed(1)),
  ...(batches > 0 && {
    'a wearable alone': await measure({ kind: 'alone', door, sensor: 0, batches }),
    'an ECG alone': await measure({ kind: 'alone', door, sensor: 1, batches }),
  }),
  ...(paced > 0 && { 'at their pace': await measure({ kind: 'pace', door, seconds: paced }) }),
  ...(each > 0 && {
    'all at once': await profiled(
      async () => await measure({ kind: 'burst', door, each, length: Number(values.length) }),
    ),
  }),
};
await devices.stop();
await gateway.stop();
await server.close();
await network.close();
if (values.keep === undefined) await rm(folder, { recursive: true });
if (values.json === true) console.log(JSON.stringify(results));
else console.dir(results, { depth: 4 });

async function enrolled(carrier: Uint8Array): Promise<Party> {
  const party = await open(carrier);
  await enrol(party, { role: 'nurse', organisation: 'hospital' });
  return party;
}

/** The devices: those that measure at their pace, and a wearable and an ECG that send alone. */
function choicesOf(label: string): readonly SensorChoice[] {
  const kinds = [
    ...Array.from({ length: wearables }, () => 'wearable' as const),
    ...Array.from({ length: ecgs }, () => 'ecg' as const),
    'wearable' as const,
    'ecg' as const,
  ];
  return kinds.map((kind, number) => ({ kind, seed: label, number, boot: 1 }));
}

/** Value of a file; made and written there if it is not there. */
async function kept<Value>(path: string, make: () => Promise<Value>): Promise<Value> {
  const before = await readFile(path, 'utf8').catch(() => undefined);
  if (before !== undefined) return JSON.parse(before) as Value;
  const made = await make();
  await writeFile(path, JSON.stringify(made));
  return made;
}

async function profiled<Result>(work: () => Promise<Result>): Promise<Result> {
  if (profiles === undefined) return await work();
  await session.post('Profiler.start');
  const result = await work();
  const { profile } = await session.post('Profiler.stop');
  await writeFile(join(profiles, 'nodes.cpuprofile'), JSON.stringify(profile));
  return result;
}
