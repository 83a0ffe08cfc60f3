import assert from 'node:assert/strict';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it, type TestContext } from 'node:test';
import { connectAsync, type MqttClient } from 'mqtt';
import { openDemoVisitor } from '../../portal/test/demoVisitor.ts';
import { openDev, type OpenDev } from '../../src/cli/openDev.ts';
import { startMedseal } from '../../src/cli/test/runMedseal.ts';
import { bindDevice } from '../../src/client/devices/bindDevice.ts';
import { restorePatient } from '../../src/client/state/restorePatient.ts';
import { bytesToHex } from '../../src/crypto/bytes.ts';
import type { Address } from '../../src/protocol/ids.ts';
import { SimulatedSensor } from '../../src/sensors/simulate/SimulatedSensor.ts';
import { topicOf } from '../../src/sensors/transport/deviceTopics.ts';
import { freePorts } from '../freePorts.ts';
import { MeasuringDevice } from './MeasuringDevice.ts';
import { memoryOf } from './memoryOf.ts';
import { MOSQUITTO, startMosquitto } from './startMosquitto.ts';

/** Somebody publishes to ever more topics at a gateway's broker, while devices measure. */

const skip =
  MOSQUITTO === undefined || process.platform !== 'linux'
    ? 'mosquitto is not installed, or this is not Linux'
    : false;
/** Topics that are sent to; a million with TOPICS=1000000. */
const TOPICS = Number(process.env['TOPICS'] ?? 100_000);
/** Messages that are on their way at once. */
const WINDOW = 1000;
/** Devices that measure meanwhile, and batches of each. */
const [DEVICES, ROUNDS] = [3, 50];
/** Bytes by which the memory of the gateway, or of a broker with an access list, may grow, whatever TOPICS is. */
const GROWTH = 200_000_000;

/** A connection that is not made again, of which a broker is to keep a session. */
const ONCE = { protocolVersion: 4, reconnectPeriod: 0 } as const;

type Child = ChildProcessWithoutNullStreams;

function inventedAddress(number: number): Address {
  return `0x${number.toString(16).padStart(40, '0')}`;
}

describe(`a gateway while somebody sends to ${TOPICS} topics`, { skip }, () => {
  let folder: string;
  let dev: OpenDev;
  let sensors: readonly SimulatedSensor[];
  let text: Buffer;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medseal-topics-'));
    const data = join(folder, 'network');
    dev = await openDev({ data, demo: true, charts: false, port: 0, rpcPort: 0 });
    const { party: patient } = await openDemoVisitor(dev.ready.url, 'patient');
    await restorePatient(patient);
    const { party: carrier } = await openDemoVisitor(dev.ready.url, 'doctor');
    const { primitives } = patient;
    const until = Math.floor(Date.now() / 1000) + 3600;
    const bound: SimulatedSensor[] = [];
    for (let number = 0; number < DEVICES; number++) {
      const choice = { kind: 'wearable', seed: 'beside topics', number, boot: 0 } as const;
      const sensor = new SimulatedSensor(primitives, choice);
      const { address, model, serial } = sensor;
      const device = { address, model, serial };
      const gateway = carrier.address;
      const { digest } = await bindDevice(patient, {
        device,
        gateway,
        categories: ['vitals'],
        until,
      });
      sensor.bind(digest);
      bound.push(sensor);
    }
    sensors = bound;
    const invented = { grant: bytesToHex(primitives.sha256(Buffer.from('invented'))) };
    text = Buffer.from(JSON.stringify({ ...JSON.parse(bound[0]?.hello ?? ''), ...invented }));
  });
  after(async () => {
    await dev.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Starts the gateway in a process of its own; gives also the address of its own broker, if it has one. */
  async function startGateway(
    name: string,
    doors: object,
  ): Promise<{ readonly gateway: Child; readonly door: string }> {
    const own = join(folder, name);
    await mkdir(own, { recursive: true });
    const config = join(own, 'gateway.json');
    await writeFile(config, JSON.stringify({ spool: 'spool', ...doors }));
    const home = ['--home', join(folder, 'network'), '--as', 'doctor'];
    const gateway = startMedseal(['gateway', 'sensors', '--config', config, ...home]);
    gateway.stdout.resume();
    const door = await new Promise<string>((resolve, reject) => {
      let said = '';
      createInterface(gateway.stderr).on('line', (line) => {
        said = line;
        const [, at] = /reach the gateway at (\S+)/.exec(line) ?? [];
        if (at !== undefined) resolve(at);
      });
      gateway.once('close', () => reject(new Error(`the gateway ended: ${said}`)));
    });
    return { gateway, door };
  }

  async function openDevices(
    urlOf: (device: Address) => string,
  ): Promise<readonly MeasuringDevice[]> {
    return await Promise.all(
      sensors.map(async (sensor) => await MeasuringDevice.open(urlOf(sensor.address), sensor)),
    );
  }

  // @actor a stranger at a gateway's broker | to fill its memory with topics
  it('grows by no more than for few, where anybody may send: of protocol, of none, kept by the broker or not', async (t) => {
    const [port = 0] = await freePorts(1);
    const url = `mqtt://127.0.0.1:${port}`;
    const broker = await startMosquitto({ folder, port });
    let { gateway } = await startGateway('open', { mqtt: { url } });
    const devices = await openDevices(() => url);
    const stranger = await connectAsync(url, { protocolVersion: 5, clientId: 'stranger' });
    try {
      const kinds = ['hello', 'readings', 'ask', 'binding', 'error'] as const;
      const grown = await besideFlood(t, {
        devices,
        processes: { gateway, mosquitto: broker },
        flood: async (measure) =>
          await inWindows(measure, async (number) => {
            const kind = kinds[number % 6];
            const address = inventedAddress(number);
            const topic = kind === undefined ? `ward/${number}` : topicOf(address, kind);
            const qos = number % 2 === 0 ? 0 : 1;
            await stranger.publishAsync(topic, text, { qos, retain: true });
          }),
      });
      assert.ok((grown['gateway'] ?? Infinity) < GROWTH, `${grown['gateway']} bytes`);
      // It comes back to a broker that keeps a message for each of these topics, and tells them all to it.
      const closed = new Promise((resolve) => gateway.once('close', resolve));
      gateway.kill('SIGKILL');
      await closed;
      ({ gateway } = await startGateway('open', { mqtt: { url } }));
      const after = await besideFlood(t, {
        devices,
        processes: { gateway },
        flood: async (measure) => {
          measure();
          await Promise.all(devices.map(async (device) => await device.enters()));
        },
      });
      assert.ok((after['gateway'] ?? Infinity) < GROWTH, `${after['gateway']} bytes`);
    } finally {
      await end({ devices, clients: [stranger], processes: [gateway, broker] });
    }
  });

  // @actor a device at a gateway's broker | to fill its memory with topics of others
  it('hears of none of them with the access list of the page, whose broker cuts off whoever does', async (t) => {
    const [port = 0] = await freePorts(1);
    const page = await readFile(join(import.meta.dirname, '../../docs/use/sensors.md'), 'utf8');
    const list = /^user gateway\n[^`]+/m.exec(page)?.[0] ?? assert.fail('the page has no list');
    await writeFile(join(folder, 'acl'), list, { mode: 0o600 });
    // Passwords are the broker's affair: names are believed here.
    const lines = ['allow_anonymous true', `acl_file ${folder}/acl`];
    const broker = await startMosquitto({ folder, port, lines });
    const url = `mqtt://127.0.0.1:${port}`;
    const { gateway } = await startGateway('listed', { mqtt: { url, username: 'gateway' } });
    const devices = await openDevices((device) => `mqtt://${device}@127.0.0.1:${port}`);
    try {
      const grown = await besideFlood(t, {
        devices,
        processes: { gateway, mosquitto: broker },
        flood: async (measure) =>
          await inConnections(measure, async (own) => {
            const options = { username: own, clientId: own, clean: false, ...ONCE } as const;
            return await connectAsync(url, options, false);
          }),
      });
      assert.ok((grown['gateway'] ?? Infinity) < GROWTH, `${grown['gateway']} bytes`);
      assert.ok((grown['mosquitto'] ?? Infinity) < GROWTH, `${grown['mosquitto']} bytes`);
    } finally {
      await end({ devices, clients: [], processes: [gateway, broker] });
    }
  });

  it('cuts off whoever does at its own broker, at the first topic that is another’s', async (t) => {
    const { gateway, door } = await startGateway('own', { broker: { port: 0 } });
    const devices = await openDevices(() => door);
    try {
      const grown = await besideFlood(t, {
        devices,
        processes: { gateway },
        flood: async (measure) =>
          await inConnections(measure, async (own) => {
            const options = { clientId: own, clean: false, ...ONCE } as const;
            return await connectAsync(door, options, false);
          }),
      });
      assert.ok((grown['gateway'] ?? Infinity) < GROWTH, `${grown['gateway']} bytes`);
    } finally {
      await end({ devices, clients: [], processes: [gateway] });
    }
  });

  /** Sends to topics of others as one device after the other, which listens to its own: the broker ends each connection. */
  async function inConnections(
    measure: () => void,
    connect: (own: Address) => Promise<MqttClient>,
  ): Promise<void> {
    for (let from = 0; from < TOPICS; from += WINDOW) {
      if (isRound(from)) measure();
      const own = inventedAddress(from);
      const client = await connect(own);
      client.on('error', () => undefined);
      await client.subscribeAsync([topicOf(own, 'binding'), topicOf(own, 'error')], { qos: 1 });
      await client.publishAsync(topicOf(own, 'hello'), text, { qos: 1 });
      const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
      for (let number = from + 1; number <= from + WINDOW; number++) {
        const topic = topicOf(inventedAddress(number), number % 2 === 0 ? 'hello' : 'binding');
        client.publish(
          topic,
          text,
          { qos: number % 3 === 0 ? 1 : 0, retain: true },
          () => undefined,
        );
      }
      await closed;
    }
  }
});

/** Floods while devices measure whenever the flood says so, and says what it took; each of their batches must enter. */
async function besideFlood(
  t: TestContext,
  {
    devices,
    processes,
    flood,
  }: {
    readonly devices: readonly MeasuringDevice[];
    readonly processes: Readonly<Record<string, Child>>;
    readonly flood: (measure: () => void) => Promise<void>;
  },
): Promise<Readonly<Record<string, number>>> {
  await Promise.all(devices.map(async (device) => await device.enters()));
  const before = new Map<string, number>();
  for (const [name, child] of Object.entries(processes)) {
    before.set(name, (await memoryOf(child)).now);
  }
  const begun = performance.now();
  let longest = 0;
  const entering: Promise<void>[] = [];
  const measure = (): void => {
    const sent = performance.now();
    for (const device of devices) {
      const entered = device.enters().then(() => {
        longest = Math.max(longest, performance.now() - sent);
      });
      entering.push(entered);
    }
  };
  let took = 0;
  const work = async (): Promise<void> => {
    await flood(measure);
    took = performance.now() - begun;
    await Promise.all(entering);
  };
  await Promise.race([work(), ...Object.entries(processes).map(endOf)]);
  const grown: Record<string, number> = {};
  const told: string[] = [];
  for (const [name, child] of Object.entries(processes)) {
    const { now, peak } = await memoryOf(child);
    const at = before.get(name) ?? 0;
    grown[name] = now - at;
    told.push(`${name} ${inMb(at)} MB before, ${inMb(now)} after, ${inMb(peak)} at most`);
  }
  t.diagnostic(
    `${TOPICS} topics in ${(took / 1000).toFixed(1)} s; ${entering.length} batches entered meanwhile, the slowest in ${(longest / 1000).toFixed(1)} s; ${told.join('; ')}`,
  );
  return grown;
}

/** Tells whether devices measure before the topic of this number. */
function isRound(number: number): boolean {
  return number % (WINDOW * Math.ceil(TOPICS / WINDOW / ROUNDS)) === 0;
}

/** Does something for each topic, so many at once. */
async function inWindows(
  measure: () => void,
  work: (number: number) => Promise<unknown>,
): Promise<void> {
  for (let from = 0; from < TOPICS; from += WINDOW) {
    if (isRound(from)) measure();
    const numbers = Array.from({ length: Math.min(WINDOW, TOPICS - from) }, (_, at) => from + at);
    await Promise.all(numbers.map(work));
  }
}

/** Rejects once a process ends that should not; with what it said last. */
async function endOf([name, child]: readonly [string, Child]): Promise<never> {
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said = `${said}${text.toString()}`.slice(-2000)));
  return await new Promise((_resolve, reject) => {
    child.once('close', (code, signal) => {
      reject(new Error(`the ${name} ended with ${code ?? signal}: ${said}`));
    });
  });
}

async function end({
  devices,
  clients,
  processes,
}: {
  readonly devices: readonly MeasuringDevice[];
  readonly clients: readonly MqttClient[];
  readonly processes: readonly Child[];
}): Promise<void> {
  for (const each of devices) await each.close();
  for (const each of clients) await each.endAsync(true);
  for (const each of processes) each.kill('SIGKILL');
}

function inMb(bytes: number): number {
  return Math.round(bytes / 1e6);
}
