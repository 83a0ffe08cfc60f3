import assert from 'node:assert/strict';
import { execFile, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { connectAsync, type MqttClient } from 'mqtt';
import { portablePrimitives } from '../../src/crypto/portablePrimitives.ts';
import { recoverSigner } from '../../src/protocol/signing.ts';
import { parseReadingsMessage } from '../../src/protocol/sensors/parseReadingsMessage.ts';
import { readingsDigest } from '../../src/protocol/sensors/readingsDigest.ts';
import type { ReadingsMessage } from '../../src/protocol/sensors/ReadingsMessage.ts';
import { parseDeviceHello } from '../../src/sensors/gateway/DeviceHello.ts';
import { freePorts } from '../freePorts.ts';
import { MOSQUITTO, startMosquitto } from './startMosquitto.ts';

/** The sensor in C, compiled here, against mosquitto; this test is its gateway. */

const run = promisify(execFile);
const SOURCE = join(import.meta.dirname, '../../devices/c/sensor.c');
const GRANT = `0x${'5a'.repeat(32)}`;
const missing = ['/usr/include/mosquitto.h', '/usr/include/secp256k1_recovery.h'].filter(
  (path) => !existsSync(path),
);
const skip =
  MOSQUITTO === undefined || missing.length > 0
    ? 'mosquitto, libmosquitto-dev and libsecp256k1-dev are not installed'
    : false;
const CROSS = '/usr/bin/arm-none-eabi-gcc';

let heard: (() => void) | undefined;

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    await new Promise<void>((resolve) => {
      heard = resolve;
    });
  }
}

describe('the sensor in C', { skip }, () => {
  let folder: string;
  let port: number;
  let broker: ChildProcessWithoutNullStreams;
  let gateway: MqttClient;
  /** Messages that came, in their order. */
  const came: ReadingsMessage[] = [];
  const hellos: string[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medseal-sensor-'));
    [port = 0] = await freePorts(1);
    const flags = ['-std=c11', '-D_GNU_SOURCE', '-O2', '-Wall', '-Wextra', '-Wno-unused-parameter'];
    const libraries = ['-lmosquitto', '-lsecp256k1', '-lpthread'];
    const often = ['-Werror', '-DAGAIN=1'];
    await run('cc', [...flags, ...often, '-o', join(folder, 'sensor'), SOURCE, ...libraries]);
    await startBroker();
    gateway = await connectAsync(`mqtt://127.0.0.1:${port}`, {
      protocolVersion: 5,
      clean: false,
      clientId: 'gateway',
      properties: { sessionExpiryInterval: 3600 },
    });
    gateway.on('message', (topic, payload) => {
      if (topic.endsWith('/hello')) hellos.push(payload.toString());
      else came.push(parseReadingsMessage(portablePrimitives, payload));
      heard?.();
    });
    await gateway.subscribeAsync(['medseal/device/+/readings', 'medseal/device/+/hello'], {
      qos: 1,
    });
  });

  after(async () => {
    await gateway.endAsync(true);
    broker.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  async function startBroker(): Promise<void> {
    const lines = ['allow_anonymous true', 'autosave_on_changes true'];
    broker = await startMosquitto({ folder, port, persistence: true, lines });
    await new Promise((resolve, reject) => {
      connectSocket(port, '127.0.0.1').once('connect', resolve).once('error', reject);
    });
  }

  /** The messages that came, each once: the sensor sends again what nobody acknowledged for a second. */
  function different(): readonly ReadingsMessage[] {
    const digests = came.map(({ header }) => readingsDigest(portablePrimitives, header));
    return came.filter((_, place) => digests.indexOf(digests[place] ?? '0x') === place);
  }

  /** Starts the sensor with batches of so many readings; resolves with its address. */
  async function startSensor(count: number): Promise<{
    readonly sensor: ChildProcessWithoutNullStreams;
    readonly device: string;
  }> {
    const file = join(folder, 'kept');
    const args = [file, '127.0.0.1', String(port), String(count)];
    const sensor = spawn(join(folder, 'sensor'), args);
    const lines = createInterface(sensor.stdout);
    const { value } = (await lines[Symbol.asyncIterator]().next()) as { value: string };
    assert.match(value, /^medseal-device:1:0x[0-9a-f]{40}$/);
    const device = value.slice('medseal-device:1:'.length);
    const topic = `medseal/device/${device}/binding`;
    const binding = JSON.stringify({ format: 'medseal-binding/1', device, grant: GRANT });
    await gateway.publishAsync(topic, binding, { qos: 1, retain: true });
    return { sensor, device };
  }

  async function acknowledge(device: string, message: ReadingsMessage): Promise<void> {
    const digest = readingsDigest(portablePrimitives, message.header);
    const told = JSON.stringify({ digest, state: 'stored' });
    await gateway.publishAsync(`medseal/device/${device}/acknowledged`, told, { qos: 1 });
  }

  it('announces itself, signs batches that are sound, and ends once they are acknowledged', async () => {
    const { sensor, device } = await startSensor(60);
    const lines = Array.from({ length: 150 }, (_, i) =>
      JSON.stringify({ at: 1_700_000_000_000 + 1000 * i, code: 149_530, value: 60 + (i % 40) }),
    );
    sensor.stdin.end(`${lines.join('\n')}\n`);
    const ended = new Promise((resolve) => sensor.once('close', resolve));
    await until(() => different().length >= 3 && hellos.length > 0);
    const context = { primitives: portablePrimitives };
    assert.equal(parseDeviceHello(context, hellos[0] ?? '').device, device);
    const batches = different();
    for (const message of batches) {
      const digest = readingsDigest(portablePrimitives, message.header);
      assert.equal(recoverSigner(context, digest, message.signature), device);
      assert.equal(message.header.grant, GRANT);
    }
    assert.deepEqual(
      batches.map(({ header: { boot, first, count } }) => [boot, first, count]),
      [
        [0, 0, 60],
        [0, 60, 60],
        [0, 120, 30],
      ],
    );
    assert.deepEqual(
      batches.flatMap(({ lines: given = [] }) => given),
      lines,
    );
    const [first, second, third] = batches;
    assert.equal(second?.header.previous, first?.header.root);
    assert.equal(third?.header.previous, second?.header.root);
    for (const message of batches) await acknowledge(device, message);
    assert.equal(await ended, 0);
  });

  it('sends again what was not acknowledged after its broker was killed, and numbers its next start', async () => {
    const last = different().at(-1);
    came.length = 0;
    const { sensor, device } = await startSensor(2);
    const ended = new Promise((resolve) => sensor.once('close', resolve));
    sensor.stdin.end('{"at":1,"code":149530,"value":60}\n{"at":2,"code":149530,"value":61}\n');
    await until(() => came.length > 0);
    assert.equal(came[0]?.header.boot, 1);
    assert.equal(came[0]?.header.previous, last?.header.root);
    const again = new Promise((resolve) => gateway.once('connect', resolve));
    broker.kill('SIGKILL');
    await new Promise((resolve) => broker.once('close', resolve));
    const before = came.length;
    await startBroker();
    await again;
    await until(() => came.length > before);
    assert.deepEqual(came.at(-1), came[0]);
    if (came[0] !== undefined) await acknowledge(device, came[0]);
    assert.equal(await ended, 0);
  });

  it('sends again by itself what nobody acknowledged, while the broker is there all the time', async () => {
    came.length = 0;
    const { sensor, device } = await startSensor(1);
    const ended = new Promise((resolve) => sensor.once('close', resolve));
    sensor.stdin.end('{"at":1,"code":149530,"value":60}\n');
    await until(() => came.length >= 3);
    assert.deepEqual(came[1], came[0]);
    assert.deepEqual(came[2], came[0]);
    if (came[0] !== undefined) await acknowledge(device, came[0]);
    assert.equal(await ended, 0);
  });

  it('replaces the file of its key as a whole, whatever a loss of power left beside it', async () => {
    const file = join(folder, 'kept');
    const before = await stat(file);
    const kept = await readFile(file);
    await writeFile(`${file}.new`, 'half of a fi');
    came.length = 0;
    const { sensor, device } = await startSensor(1);
    const ended = new Promise((resolve) => sensor.once('close', resolve));
    sensor.stdin.end('{"at":1,"code":149530,"value":60}\n');
    await until(() => came.length > 0);
    if (came[0] !== undefined) await acknowledge(device, came[0]);
    assert.equal(await ended, 0);
    const after = await stat(file);
    assert.notEqual(after.ino, before.ino);
    assert.equal(after.mode & 0o777, 0o600);
    assert.ok(!existsSync(`${file}.new`));
    const now = await readFile(file);
    assert.deepEqual(now.subarray(0, 32), kept.subarray(0, 32), 'the key is the same');
    assert.equal(now.readUInt32BE(32), kept.readUInt32BE(32) + 1);
  });

  it('leaves its key alone if the new file cannot be written', async () => {
    const file = join(folder, 'kept');
    const kept = await readFile(file);
    await mkdir(`${file}.new`);
    const sensor = spawn(join(folder, 'sensor'), [file, '127.0.0.1', String(port), '1']);
    sensor.stdout.resume();
    sensor.stderr.resume();
    assert.equal(await new Promise((resolve) => sensor.once('close', resolve)), 1);
    await rmdir(`${file}.new`);
    assert.deepEqual(await readFile(file), kept);
  });

  it('has 200 lines at most, beside the hashes', async () => {
    const lines = (await readFile(SOURCE, 'utf8')).split('\n').length - 1;
    assert.ok(lines <= 200, `${lines} lines`);
  });

  it(
    'compiles without a system for a Cortex-M4, to less than 4 KiB',
    { skip: existsSync(CROSS) ? false : 'gcc-arm-none-eabi is not installed' },
    async () => {
      const headers = join(folder, 'include');
      await mkdir(headers);
      for (const name of ['secp256k1.h', 'secp256k1_recovery.h']) {
        await copyFile(join('/usr/include', name), join(headers, name));
      }
      const object = join(folder, 'sensor.o');
      const flags = ['-mcpu=cortex-m4', '-mthumb', '-Os', '-ffreestanding', '-Wall', '-Werror'];
      await run(CROSS, [
        ...flags,
        `-I${headers}`,
        '-DSENSOR_CORE_ONLY',
        '-c',
        SOURCE,
        '-o',
        object,
      ]);
      const { stdout } = await run('/usr/bin/arm-none-eabi-size', [object]);
      const [text = ''] = stdout.split('\n')[1]?.trim().split(/\s+/) ?? [];
      assert.ok(Number(text) < 4096, stdout);
    },
  );
});
