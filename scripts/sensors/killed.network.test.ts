import assert from 'node:assert/strict';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { openDemoVisitor } from '../../portal/test/demoVisitor.ts';
import { startMedseal } from '../../src/cli/test/runMedseal.ts';
import { bindDevice } from '../../src/client/devices/bindDevice.ts';
import { readAudit } from '../../src/client/audit/readAudit.ts';
import { restorePatient } from '../../src/client/state/restorePatient.ts';
import type { Address, Bytes32 } from '../../src/protocol/ids.ts';
import { followDevices } from '../../src/protocol/sensors/followDevices.ts';
import { readingsDigest } from '../../src/protocol/sensors/readingsDigest.ts';
import { openMqttLine } from '../../src/sensors/simulate/openMqttLine.ts';
import { SimulatedSensor } from '../../src/sensors/simulate/SimulatedSensor.ts';
import { freePorts } from '../freePorts.ts';
import { startMosquitto, MOSQUITTO } from './startMosquitto.ts';

/**
 * Sensors under load at mosquitto, while gateway, broker and node are killed in turn, each by SIGKILL and twice.
 *
 * The load is bounded, so that a slow machine is slow and does not fall behind for ever: a device measures while it keeps
 * less than `MOST_KEPT`, and sends again only if it hears nothing. Nothing is measured in the end, so that a gateway which
 * sends only when something comes is found out.
 */

const skip = MOSQUITTO === undefined ? 'mosquitto is not installed' : false;
const DEVICES = 4;
/** Milliseconds between two batches of a device, and of silence before it sends again what it keeps. */
const [EACH, AGAIN] = [500, 3000];
/** Batches that a device keeps, at most. */
const MOST_KEPT = 16;
/** Batches that are acknowledged between two kills. */
const BETWEEN = 24;
/** Milliseconds for all of it. Each batch is a second ahead of the one before: the last ones are within `READINGS_AHEAD` still. */
const LIMIT = 240_000;
type Name = 'node' | 'broker' | 'gateway';

describe('sensors whose gateway, broker and node are killed in turn', { skip }, () => {
  let folder: string;
  let ports: readonly number[];
  const running = new Map<Name, ChildProcessWithoutNullStreams>();
  /** The last words of each. */
  const said = new Map<Name, string>();
  /** Closes the lines of devices. */
  const closing: (() => Promise<void>)[] = [];
  const over = new AbortController();
  let step = 'the start';

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medseal-killed-'));
    ports = await freePorts(3);
    const configuration = { spool: 'spool', mqtt: { url: brokerUrl() } };
    await writeFile(join(folder, 'gateway.json'), JSON.stringify(configuration));
  });
  after(async () => {
    over.abort();
    for (const each of running.values()) each.kill('SIGKILL');
    await Promise.all(closing.map(async (close) => await close()));
    await rm(folder, { recursive: true, force: true });
  });

  function brokerUrl(): string {
    return `mqtt://127.0.0.1:${ports[0]}`;
  }

  /** Starts one of the three; resolves once others can reach it. */
  async function start(name: Name): Promise<void> {
    step = `the start of the ${name}`;
    const [port = 0, nodePort, rpcPort] = ports;
    over.signal.throwIfAborted();
    if (name === 'broker') {
      // It keeps sessions, and what waits in them, on disk.
      add(name, await startMosquitto({ folder, port, persistence: true }));
      return;
    }
    const data = join(folder, 'network');
    const listen = ['--data', data, '--port', String(nodePort), '--rpc-port', String(rpcPort)];
    const config = ['--config', join(folder, 'gateway.json'), '--home', data, '--as', 'doctor'];
    const child = startMedseal(
      name === 'node'
        ? ['dev', '--demo', '--no-charts', '--no-wearable', '--json', ...listen]
        : ['gateway', 'sensors', ...config],
    );
    add(name, child);
    await new Promise<void>((resolve) => {
      const hear = (line: string): void => {
        said.set(name, line.slice(0, 200));
        if (line.startsWith('{') || line.includes('reach the gateway')) resolve();
      };
      createInterface(child.stdout).on('line', hear);
      createInterface(child.stderr).on('line', hear);
    });
  }

  /** Ends the test if one of the three ends that was not killed. */
  function add(name: Name, child: ChildProcessWithoutNullStreams): void {
    running.set(name, child);
    child.once('close', () => {
      if (running.get(name) === child) over.abort(new Error(`the ${name} ended by itself`));
    });
  }

  async function kill(name: Name): Promise<void> {
    step = `the end of the ${name}`;
    const child = running.get(name);
    assert.ok(child);
    running.delete(name);
    const closed = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await closed;
  }

  /** Does the work, and fails with what it waits for if it fails, or takes longer than `LIMIT`, or one of the three ends. */
  async function within(work: () => Promise<void>, state: () => string): Promise<void> {
    const stopped = Promise.withResolvers<never>();
    over.signal.addEventListener('abort', () => stopped.reject(over.signal.reason as Error));
    const timer = setTimeout(() => {
      over.abort(new Error(`not done in ${LIMIT / 1000} seconds`));
    }, LIMIT);
    try {
      await Promise.race([work(), stopped.promise]);
    } catch (cause) {
      const last = [...said].map(([name, line]) => `the ${name} said last: ${line}`);
      const what = `${String(cause)}; it waits for ${step}; ${state()}`;
      throw new Error([what, ...last].join('\n'), { cause });
    } finally {
      clearTimeout(timer);
    }
  }

  // @actor a power cut, anywhere | to lose or double acknowledged readings
  it('have each acknowledged reading on the chart, and each once', async () => {
    const signed = new Map<Bytes32, Address>();
    const acknowledged = new Set<Bytes32>();
    const sensors: SimulatedSensor[] = [];
    await within(
      async () => await killInTurn({ signed, acknowledged, sensors }),
      () => {
        const kept = sensors.map((sensor) => sensor.kept.length).join(', ');
        return `${acknowledged.size} of ${signed.size} batches are acknowledged, devices keep ${kept}`;
      },
    );
  });

  interface Progress {
    readonly signed: Map<Bytes32, Address>;
    readonly acknowledged: Set<Bytes32>;
    readonly sensors: SimulatedSensor[];
  }

  async function killInTurn({ signed, acknowledged, sensors }: Progress): Promise<void> {
    for (const name of ['node', 'broker', 'gateway'] as const) await start(name);
    step = 'the binding of devices';
    const url = `http://127.0.0.1:${ports[1]}`;
    const { party: patient } = await openDemoVisitor(url, 'patient');
    await restorePatient(patient);
    const { party: carrier } = await openDemoVisitor(url, 'doctor');
    const { primitives } = patient;
    const codes = new Set<string>();
    let heard = Promise.withResolvers<undefined>();
    const until = async (what: string, isSo: () => boolean): Promise<void> => {
      step = what;
      while (!isSo()) await heard.promise;
    };
    const wake = (): void => {
      heard.resolve(undefined);
      heard = Promise.withResolvers();
    };
    const ends: (() => Promise<void>)[] = [];
    for (let number = 0; number < DEVICES; number += 1) {
      const choice = { kind: 'wearable', seed: 'killed', number, boot: 0 } as const;
      sensors.push(new SimulatedSensor(primitives, choice));
    }
    for (const { address, model, serial } of sensors) {
      await bindDevice(patient, {
        device: { address, model, serial },
        gateway: carrier.address,
        categories: ['vitals'],
        until: Math.floor(Date.now() / 1000) + 3600,
      });
    }
    const begun = Date.now();
    for (const sensor of sensors) ends.push(await run(sensor, begun));
    await until('the first acknowledgements', () => acknowledged.size >= BETWEEN);

    for (const name of ['gateway', 'broker', 'node', 'gateway', 'broker', 'node'] as const) {
      const before = acknowledged.size;
      await kill(name);
      await start(name);
      await until(`acknowledgements after the ${name} was killed`, () => {
        return acknowledged.size >= before + BETWEEN;
      });
    }
    for (const end of ends) await end();
    assert.deepEqual([...codes], []);
    assert.equal(acknowledged.size, signed.size, 'in the end each batch is acknowledged');

    const entered = await enteredOnce(signed.size);
    for (const digest of acknowledged) assert.equal(entered.get(digest), 1, digest);
    assert.equal(entered.size, signed.size);

    /** Runs a device; the function that it returns stops its measuring, and waits until it keeps nothing. */
    async function run(sensor: SimulatedSensor, from: number): Promise<() => Promise<void>> {
      let at = from;
      const sendAll = (): void => {
        for (const batch of sensor.kept) line.send(batch);
      };
      let isSilent = false;
      const line = await openMqttLine(brokerUrl(), sensor.address, {
        reopened() {
          line.announce(sensor.hello);
          sendAll();
        },
        bound({ grant }) {
          sensor.bind(grant);
        },
        told({ digest, state }) {
          isSilent = false;
          if (state === 'refused') codes.add(state);
          acknowledged.add(digest);
          sensor.forget(digest);
          wake();
        },
        failed({ code, again }) {
          if (!again) over.abort(new Error(`a device was told ${code}`));
        },
      });
      line.announce(sensor.hello);
      const measuring = setInterval(() => {
        if (sensor.grant === undefined || sensor.kept.length >= MOST_KEPT) return;
        const batch = sensor.measure(1, at);
        at += 1000;
        signed.set(batch.digest, sensor.address);
        line.send(batch);
      }, EACH);
      const again = setInterval(() => {
        if (sensor.grant === undefined) line.announce(sensor.hello);
        if (isSilent) sendAll();
        isSilent = true;
      }, AGAIN);
      closing.push(async () => {
        clearInterval(measuring);
        clearInterval(again);
        await line.close();
      });
      return async () => {
        clearInterval(measuring);
        await until('the acknowledgement of all', () => sensor.kept.length === 0);
      };
    }

    /** Waits until so many batches of the devices are entered; returns how often each is. */
    async function enteredOnce(count: number): Promise<ReadonlyMap<Bytes32, number>> {
      step = 'the entry of all';
      const addresses = new Set(sensors.map(({ address }) => address));
      for (;;) {
        const { logs } = await readAudit(patient);
        const bodies = logs.flatMap(({ events }) => events.flatMap(({ body }) => body ?? []));
        const followed = followDevices(patient, bodies).filter(({ device }) =>
          addresses.has(device),
        );
        const there = followed.reduce((sum, { batches }) => sum + batches.length, 0);
        if (there < count) continue;
        for (const { gaps, forks, unlinked, refused } of followed) {
          assert.deepEqual({ gaps, forks, unlinked, refused }, EVEN);
        }
        const counts = new Map<Bytes32, number>();
        for (const { flag, readings } of bodies) {
          if (flag === 'R' || readings === undefined) continue;
          const digest = readingsDigest(primitives, readings.header);
          if (signed.has(digest)) counts.set(digest, (counts.get(digest) ?? 0) + 1);
        }
        return counts;
      }
    }
  }
});

const EVEN = { gaps: [], forks: [], unlinked: [], refused: {} };
