import assert from 'node:assert/strict';
import { execFile, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { openDemoVisitor } from '../../portal/test/demoVisitor.ts';
import { openDev, type OpenDev } from '../../src/cli/openDev.ts';
import { runMedseal, startMedseal } from '../../src/cli/test/runMedseal.ts';
import { batchesOnChart } from '../../src/client/devices/batchesOnChart.ts';
import { bindDevice } from '../../src/client/devices/bindDevice.ts';
import { parseDeviceCode } from '../../src/protocol/sensors/deviceCode.ts';
import { restorePatient } from '../../src/client/state/restorePatient.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import { readChart } from '../../src/client/records/readChart.ts';
import { revokeRight } from '../../src/client/rights/revokeRight.ts';
import { freePorts } from '../freePorts.ts';
import { MOSQUITTO, startMosquitto } from './startMosquitto.ts';

/** `medseal gateway sensors` between the sensor in C, at mosquitto, and the nodes of a demonstration. */

const run = promisify(execFile);
const SOURCE = join(import.meta.dirname, '../../devices/c/sensor.c');
const HEADERS = ['/usr/include/mosquitto.h', '/usr/include/secp256k1_recovery.h'];
const skip =
  MOSQUITTO === undefined || !HEADERS.every((path) => existsSync(path))
    ? 'mosquitto, libmosquitto-dev and libsecp256k1-dev are not installed'
    : false;
/** Batches of ten readings. */
const BATCHES = 24;

describe('a gateway of sensors', { skip }, () => {
  let folder: string;
  let dev: OpenDev;
  let port: number;
  let broker: ChildProcessWithoutNullStreams;
  const running = new Set<ChildProcessWithoutNullStreams>();

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medseal-gateway-'));
    const flags = ['-std=c11', '-D_GNU_SOURCE', '-O2'];
    const libraries = ['-lmosquitto', '-lsecp256k1', '-lpthread'];
    await run('cc', [...flags, '-o', join(folder, 'sensor'), SOURCE, ...libraries]);
    dev = await openDev({ data: join(folder, 'network'), demo: true, port: 0, rpcPort: 0 });
    [port = 0] = await freePorts(1);
    const url = `mqtt://127.0.0.1:${port}`;
    const configuration = { spool: 'spool', mqtt: { url } };
    await writeFile(join(folder, 'gateway.json'), JSON.stringify(configuration));
    await startBroker();
  });

  after(async () => {
    for (const each of running) each.kill('SIGKILL');
    broker.kill('SIGKILL');
    await dev.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function startBroker(): Promise<void> {
    const lines = ['allow_anonymous true', 'autosave_on_changes true'];
    broker = await startMosquitto({ folder, port, persistence: true, lines });
  }

  /** Starts the gateway in a process of its own; resolves once its door is open. */
  async function startGateway(as: string): Promise<ChildProcessWithoutNullStreams> {
    const home = ['--home', join(folder, 'network'), '--as', as];
    const config = ['--config', join(folder, 'gateway.json')];
    const child = startMedseal(['gateway', 'sensors', ...config, ...home]);
    running.add(child);
    child.stdout.resume();
    const lines = createInterface(child.stderr);
    await new Promise<void>((resolve, reject) => {
      const heard: string[] = [];
      lines.on('line', (line) => {
        heard.push(line);
        if (line.includes('reach the gateway')) resolve();
      });
      child.once('close', () => reject(new Error(`the gateway ended: ${heard.join('\n')}`)));
    });
    return child;
  }

  async function kill(child: ChildProcessWithoutNullStreams): Promise<void> {
    const closed = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await closed;
    running.delete(child);
  }

  it('puts each reading of a sensor on the chart once, though gateway and broker are killed under way', async () => {
    const { url } = dev.ready;
    const { party: patient } = await openDemoVisitor(url, 'patient');
    await restorePatient(patient);
    const { party: carrier } = await openDemoVisitor(url, 'doctor');
    let gateway = await startGateway('doctor');
    const sensor = spawn(join(folder, 'sensor'), [
      join(folder, 'kept'),
      '127.0.0.1',
      String(port),
      '10',
    ]);
    running.add(sensor);
    const complaints: string[] = [];
    sensor.stderr.on('data', (text: Buffer) => complaints.push(text.toString()));
    const ended = new Promise((resolve) => sensor.once('close', resolve));
    const first = (await createInterface(sensor.stdout)[Symbol.asyncIterator]().next()) as {
      value: string;
    };
    const until = Math.floor(Date.now() / 1000) + 3600;
    const bound = await bindDevice(patient, {
      device: parseDeviceCode(first.value),
      gateway: carrier.address,
      categories: ['vitals'],
      until,
    });
    const begun = Date.now();
    const lines = Array.from({ length: BATCHES * 10 }, (_, i) =>
      JSON.stringify({ at: begun + i, code: 149_530, value: 60 + (i % 30) }),
    );
    // A gateway that starts reads the rights at once.
    await kill(gateway);
    gateway = await startGateway('doctor');
    sensor.stdin.write(`${lines.slice(0, 80).join('\n')}\n`);
    await onChart(8);
    sensor.stdin.write(`${lines.slice(80, 160).join('\n')}\n`);
    await kill(gateway);
    gateway = await startGateway('doctor');
    broker.kill('SIGKILL');
    await new Promise((resolve) => broker.once('close', resolve));
    await startBroker();
    sensor.stdin.end(`${lines.slice(160).join('\n')}\n`);
    assert.equal(await ended, 0, complaints.join(''));
    running.delete(sensor);
    await onChart(BATCHES);
    const [device, ...others] = await devicesOnChart();
    assert.equal(others.length, 0);
    assert.deepEqual(
      device?.batches.map(({ header: { first: number } }) => number),
      Array.from({ length: BATCHES }, (_, i) => 10 * i),
    );
    await provesOne(parseDeviceCode(first.value).address, lines[45] ?? '');
    await revokeRight(patient, bound.digest);
    const door = `mqtt://127.0.0.1:${port}`;
    const home = ['--home', join(folder, 'network'), '--as', 'patient', '--yes', '--json'];
    const beds = ['--devices', '2', '--kind', 'bed', '--seconds', '2', '--label', 'a label'];
    const simulate = ['sensors', 'simulate', '--door', door, '--gateway', 'doctor'];
    const { stdout, code } = await runMedseal(...simulate, ...beds, ...home);
    const simulated = JSON.parse(stdout) as Record<string, unknown>;
    assert.equal(code, 0, stdout);
    assert.deepEqual([simulated['batches'], simulated['stored'], simulated['refused']], [2, 2, 0]);
    const sealing = ['--kind', 'wearable', '--seconds', '2', '--label', 'sealing', '--seal'];
    const sealed = await runMedseal(...simulate, ...sealing, ...home);
    const told = JSON.parse(sealed.stdout) as Record<string, unknown>;
    assert.equal(sealed.code, 0, sealed.stdout);
    assert.deepEqual([told['batches'], told['entered'], told['refused']], [1, 1, 0]);
    const closed = new Promise((resolve) => gateway.once('close', resolve));
    // As Ctrl-C does.
    gateway.kill('SIGINT');
    assert.equal(await closed, 0);

    /** One reading is proved by a file, which an altered one is not. */
    async function provesOne(address: string, line: string): Promise<void> {
      const out = join(folder, 'reading.json');
      const own = ['--home', join(folder, 'network'), '--as', 'patient'];
      const prove = ['device', 'prove', address, '--out', out, ...own];
      const saved = await runMedseal(...prove, '--number', '45');
      assert.equal(saved.code, 0, saved.stderr);
      const none = await runMedseal(...prove, '--number', '240');
      assert.match(none.stderr, /NOT_FOUND/);
      const pinned = ['--network', join(folder, 'network', 'network.json')];
      const safe = await runMedseal('verify', out, ...pinned);
      assert.deepEqual([safe.code, safe.stdout.includes(line)], [0, true], safe.stdout);
      assert.match(safe.stdout, /Not checked:\n.*that the device measured truly, and who wore it/);
      const text = await readFile(out, 'utf8');
      await writeFile(out, text.replace(String.raw`\"value\":75`, String.raw`\"value\":57`));
      const altered = await runMedseal('verify', out, ...pinned);
      assert.deepEqual([altered.code, /Not safe/.test(altered.stdout)], [1, true], altered.stdout);
    }

    async function devicesOnChart() {
      const { handle } = await readPatientState(patient);
      return batchesOnChart(patient, await readChart(patient, { handle, purpose: 'PATRQT' }));
    }

    /** Waits until so many batches are on the chart; each look at it is a request of its own. */
    async function onChart(count: number): Promise<void> {
      for (;;) {
        const [device] = await devicesOnChart();
        if ((device?.batches.length ?? 0) >= count) return;
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
    }
  });

  it('is reached through that broker in the scenario of a wearable at a network that runs', async () => {
    const home = ['--home', join(folder, 'network'), '--url', dev.ready.url];
    const broker = ['--broker', `mqtt://127.0.0.1:${port}`];
    const run = await runMedseal('scenario', '--sensors', ...broker, ...home, '--json');
    const { ok, steps } = JSON.parse(run.stdout) as { ok: boolean; steps: readonly object[] };
    assert.deepEqual([run.code, run.stderr, ok], [0, '', true]);
    assert.ok(steps.length > 20);
  });
});
