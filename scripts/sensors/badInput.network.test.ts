import assert from 'node:assert/strict';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { connectAsync, type MqttClient } from 'mqtt';
import { openDemoVisitor } from '../../portal/test/demoVisitor.ts';
import { openDev, type OpenDev } from '../../src/cli/openDev.ts';
import { runMedseal, startMedseal } from '../../src/cli/test/runMedseal.ts';
import { bindDevice } from '../../src/client/devices/bindDevice.ts';
import { restorePatient } from '../../src/client/state/restorePatient.ts';
import { bytesToHex } from '../../src/crypto/bytes.ts';
import type { Primitives } from '../../src/crypto/Primitives.ts';
import type { Address, Bytes32 } from '../../src/protocol/ids.ts';
import { SimulatedSensor } from '../../src/sensors/simulate/SimulatedSensor.ts';
import { topicOf } from '../../src/sensors/transport/deviceTopics.ts';
import { freePorts } from '../freePorts.ts';
import { MeasuringDevice } from './MeasuringDevice.ts';
import { memoryOf } from './memoryOf.ts';
import { MOSQUITTO, startMosquitto } from './startMosquitto.ts';

/** Strangers send to a gateway at mosquitto, and at its door of HTTP, while a device measures. */

const skip =
  MOSQUITTO === undefined || process.platform !== 'linux'
    ? 'mosquitto is not installed, or this is not Linux'
    : false;
const LARGE = 100_000_000;
/** The device that has a right. */
const WORN = { kind: 'wearable', seed: 'beside strangers', number: 0, boot: 0 } as const;

describe('a gateway that strangers send to', { skip }, () => {
  let folder: string;
  let dev: OpenDev;
  let broker: ChildProcessWithoutNullStreams;
  let gateway: ChildProcessWithoutNullStreams;
  let stranger: MqttClient;
  let primitives: Primitives;
  let door: string;
  let device: MeasuringDevice;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medseal-bad-'));
    const data = join(folder, 'network');
    dev = await openDev({ data, demo: true, charts: false, port: 0, rpcPort: 0 });
    const [port = 0, httpPort = 0] = await freePorts(2);
    broker = await startMosquitto({ folder, port });
    const url = `mqtt://127.0.0.1:${port}`;
    door = `http://127.0.0.1:${httpPort}`;
    const configuration = { spool: 'spool', mqtt: { url }, http: { port: httpPort } };
    await writeFile(join(folder, 'gateway.json'), JSON.stringify(configuration));
    const { party: patient } = await openDemoVisitor(dev.ready.url, 'patient');
    await restorePatient(patient);
    const { party: carrier } = await openDemoVisitor(dev.ready.url, 'doctor');
    ({ primitives } = patient);
    const sensor = new SimulatedSensor(primitives, WORN);
    const { address, model, serial } = sensor;
    const { digest } = await bindDevice(patient, {
      device: { address, model, serial },
      gateway: carrier.address,
      categories: ['vitals'],
      until: Math.floor(Date.now() / 1000) + 3600,
    });
    sensor.bind(digest);
    const config = ['--config', join(folder, 'gateway.json'), '--home', data, '--as', 'doctor'];
    gateway = startMedseal(['gateway', 'sensors', ...config]);
    gateway.stdout.resume();
    await new Promise<void>((resolve, reject) => {
      let doors = 0;
      createInterface(gateway.stderr).on('line', (line) => {
        if (line.includes('reach the gateway') && ++doors === 2) resolve();
      });
      gateway.once('close', () => reject(new Error('the gateway ended')));
    });
    stranger = await connectAsync(url, { protocolVersion: 5, clientId: 'stranger' });
    device = await MeasuringDevice.open(url, sensor);
  });
  after(async () => {
    await device.close();
    await stranger.endAsync(true);
    gateway.kill('SIGKILL');
    broker.kill('SIGKILL');
    await dev.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** The largest that the gateway's memory was, in bytes. */
  async function peak(): Promise<number> {
    return (await memoryOf(gateway)).peak;
  }

  // @actor a stranger at a gateway's broker | to have it gather 100 MB
  it('is not sent a message of 100 MB by the broker, and takes the next one', async () => {
    await device.stores();
    const before = await peak();
    const large = Buffer.alloc(LARGE, 'x');
    const topic = topicOf(device.address, 'readings');
    await stranger.publishAsync(topic, large, { qos: 1 }).catch(() => undefined);
    await device.stores();
    assert.ok((await peak()) - before < LARGE, 'it did not gather the message');
  });

  // @actor a stranger at a gateway's door | to have it gather a post of 100 MB
  it('cuts off a post of 100 MB, with or without its length, and takes that of others meanwhile', async () => {
    const before = await peak();
    const [known, unknown] = [post(true), post(false)];
    const hello = await fetch(`${door}/v1/hello`, { method: 'POST', body: device.hello });
    assert.equal(hello.status, 200);
    for (const outcome of [await known, await unknown]) {
      assert.ok(outcome.status === 413 || outcome.sent < LARGE, JSON.stringify(outcome));
      assert.ok(outcome.sent < LARGE / 2, `it took ${outcome.sent} bytes`);
    }
    await device.stores();
    assert.ok((await peak()) - before < LARGE / 2);
  });

  it('answers its device while devices without a right fill the room that waits for a look', async () => {
    const invented = Array.from({ length: 400 }, (_, number) => {
      const choice = { kind: 'wearable', seed: 'invented', number, boot: 0 } as const;
      const sensor = new SimulatedSensor(primitives, choice);
      sensor.bind(bytesToHex(primitives.sha256(Buffer.from(`right ${number}`))));
      return { sensor, batch: sensor.measure(1, Date.now() - 1000) };
    });
    for (const { sensor, batch } of invented) {
      const topic = topicOf(sensor.address, 'readings');
      stranger.publish(topic, Buffer.from(batch.bytes), { qos: 1 });
    }
    await device.stores();
  });

  // @actor the holder of a device's key | to measure beside it unseen
  it('shows the patient a gap and a fork of a device within a minute', async () => {
    const sent = Date.now();
    device.loses();
    await device.stores();
    const { grant } = device;
    assert.ok(grant !== undefined);
    // Somebody has the key of the device, and begins to count again from the first reading.
    const clone = new SimulatedSensor(primitives, WORN);
    clone.bind(grant);
    const back = clone.measure(2, device.at);
    await stranger.publishAsync(topicOf(device.address, 'readings'), Buffer.from(back.bytes), {
      qos: 1,
    });
    const own = ['--home', join(folder, 'network'), '--as', 'patient', '--json'];
    for (;;) {
      const { stdout } = await runMedseal('device', 'list', '--follow', ...own);
      const { followed } = JSON.parse(stdout) as { followed: readonly Followed[] };
      const found = followed.find(({ device: address }) => address === device.address);
      const isThere = found?.forks.some(({ one, other }) => [one, other].includes(back.digest));
      if (isThere !== true || found?.gaps.length === 0) continue;
      assert.deepEqual(
        found?.gaps.map(({ count }) => count),
        [3],
      );
      assert.ok(Date.now() - sent < 60_000);
      return;
    }
  });

  /** Posts 100 MB, with its length or in chunks; stops once it is answered or cut off. */
  async function post(
    hasLength: boolean,
  ): Promise<{ readonly status: number | undefined; readonly sent: number }> {
    return await new Promise((resolve) => {
      const headers = hasLength ? { 'content-length': LARGE } : {};
      const { port } = new URL(door);
      const at = { host: '127.0.0.1', port, path: '/v1/readings', method: 'POST', headers };
      let sent = 0;
      let status: number | undefined;
      let over = false;
      const end = (): void => {
        over = true;
        resolve({ status, sent });
        posting.destroy();
      };
      const posting = request(at, (answer) => {
        status = answer.statusCode;
        end();
      });
      posting.on('error', end);
      const piece = Buffer.alloc(65_536);
      const send = (): void => {
        if (over || sent >= LARGE) return;
        sent += piece.length;
        if (posting.write(piece)) setImmediate(send);
        else posting.once('drain', send);
      };
      send();
    });
  }
});

/** A device as `device list --follow` tells of it. */
interface Followed {
  readonly device: Address;
  readonly gaps: readonly { readonly count: number }[];
  readonly forks: readonly { readonly one: Bytes32; readonly other: Bytes32 }[];
}
