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
import { recoverSigner } from '../../src/protocol/struct/signing.ts';
import { parseReadingsMessage } from '../../src/protocol/sensors/parseReadingsMessage.ts';
import { readingsDigest } from '../../src/protocol/sensors/readingsDigest.ts';
import type { ReadingsMessage } from '../../src/protocol/sensors/ReadingsMessage.ts';
import { parseDeviceHello } from '../../src/sensors/gateway/DeviceHello.ts';
import { freePorts } from '../freePorts.ts';
import { Authority } from './Authority.ts';
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
    // The sensor ends at the first thing that C leaves undefined.
    const often = ['-Werror', '-DAGAIN=1', '-fsanitize=undefined,address', '-fno-sanitize-recover'];
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

  function spawnSensor(...args: readonly string[]): ChildProcessWithoutNullStreams {
    // It holds some memory until its end.
    const env = { ...process.env, ASAN_OPTIONS: 'detect_leaks=0' };
    return spawn(join(folder, 'sensor'), args, { env });
  }

  /** Starts the sensor with batches of so many readings, and sends bindings, the last one retained; resolves with its address. */
  async function startSensor(
    count: number,
    bindings: readonly (string | undefined)[] = [GRANT],
  ): Promise<{
    readonly sensor: ChildProcessWithoutNullStreams;
    readonly device: string;
  }> {
    const file = join(folder, 'kept');
    const sensor = spawnSensor(file, '127.0.0.1', String(port), String(count));
    const lines = createInterface(sensor.stdout);
    const { value } = (await lines[Symbol.asyncIterator]().next()) as { value: string };
    assert.match(value, /^medseal-device:1:0x[0-9a-f]{40}$/);
    const device = value.slice('medseal-device:1:'.length);
    const topic = `medseal/device/${device}/binding`;
    const bindingOf = (grant: string): string =>
      JSON.stringify({ format: 'medseal-binding/1', device, grant });
    for (const grant of bindings) {
      const text = grant === undefined ? '' : bindingOf(grant);
      await gateway.publishAsync(topic, text, { qos: 1, retain: true });
    }
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

  // @actor another user of a machine that has a sensor in C, or somebody who writes to its topics | reads the password among the arguments; has it take a right that is not 64 digits, or what C leaves undefined
  it('takes no right but 64 digits, and nothing from an empty message', async () => {
    came.length = 0;
    const wrong = ['zz', '5A', '"}', ' 5', '5', '5a5'].map((end) => `0x${'5a'.repeat(31)}${end}`);
    const none = [undefined, ...wrong, '0x'];
    const { sensor, device } = await startSensor(1, [...none, GRANT, ...none]);
    const ended = new Promise((resolve) => sensor.once('close', resolve));
    sensor.stdin.end('{"at":1,"code":149530,"value":60}\n');
    await until(() => came.length > 0);
    assert.equal(came[0]?.header.grant, GRANT);
    await gateway.publishAsync(`medseal/device/${device}/acknowledged`, '', { qos: 1 });
    if (came[0] !== undefined) await acknowledge(device, came[0]);
    assert.equal(await ended, 0);
  });

  it('takes its password from a file alone, which only its owner may read', async () => {
    const authority = await Authority.make(folder, 'own');
    const { files } = await authority.sign('broker');
    const [secured = 0] = await freePorts(1);
    const passwords = join(folder, 'passwords');
    await run('mosquitto_passwd', ['-b', '-c', passwords, 'pump', 'the password']);
    const lines = [
      'allow_anonymous false',
      `password_file ${passwords}`,
      `cafile ${authority.file}`,
      `certfile ${files.cert}`,
      `keyfile ${files.key}`,
    ];
    const sub = join(folder, 'secured');
    await mkdir(sub);
    const other = await startMosquitto({ folder: sub, port: secured, lines });
    const path = join(folder, 'password');
    const start = async (...last: readonly string[]): Promise<readonly [unknown, string]> => {
      const own = [join(folder, 'pump'), '127.0.0.1', String(secured), '1', authority.file];
      const sensor = spawnSensor(...own, ...last);
      let said = '';
      sensor.stderr.on('data', (data) => {
        said += String(data);
      });
      sensor.stdout.resume();
      const code = await new Promise((resolve) => sensor.once('close', resolve));
      return [code, said];
    };
    try {
      const [code, said] = await start('pump', 'the password');
      assert.equal(code, 1);
      assert.match(said, /^the password: a password in one line/);
      assert.equal((await start('pump'))[0], 2);
      for (const [text, mode] of [
        ['the password\n', 0o644],
        ['', 0o600],
        ['\n', 0o600],
        ['x'.repeat(300), 0o600],
      ] as const) {
        await rm(path, { force: true });
        await writeFile(path, text, { mode });
        assert.equal((await start('pump', path))[0], 1, `${text} ${mode}`);
      }
      await rm(path);
      await writeFile(path, 'another\n', { mode: 0o600 });
      assert.match((await start('pump', path))[1], /^refused: /);
      await writeFile(path, 'the password\n');
      const own = [join(folder, 'pump'), '127.0.0.1', String(secured), '1', authority.file];
      const sensor = spawnSensor(...own, 'pump', path);
      const args = await readFile(`/proc/${sensor.pid}/cmdline`, 'utf8');
      assert.doesNotMatch(args, /the password/);
      const watching = await connectAsync(`mqtts://127.0.0.1:${secured}`, {
        ca: await readFile(authority.file),
        username: 'pump',
        password: 'the password',
      });
      const hello = new Promise((resolve) => watching.once('message', resolve));
      await watching.subscribeAsync('medseal/device/+/hello', { qos: 1 });
      assert.match(String(await hello), /^medseal\/device\/0x/);
      sensor.kill();
      await watching.endAsync(true);
    } finally {
      other.kill('SIGKILL');
    }
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
    const sensor = spawnSensor(file, '127.0.0.1', String(port), '1');
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
