import assert from 'node:assert/strict';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { MemoryDatabase } from '../../src/database/test/MemoryDatabase.ts';
import { bindDevice } from '../../src/client/devices/bindDevice.ts';
import { pinOfDevice } from '../../src/client/devices/pinOfDevice.ts';
import { readReadings } from '../../src/client/devices/readReadings.ts';
import { commitEpochs } from '../../src/client/epochs/commitEpochs.ts';
import type { Party } from '../../src/client/party/Party.ts';
import { readChart } from '../../src/client/records/readChart.ts';
import { BEGIN, startTestNetwork, type TestNetwork } from '../../src/node/test/testNetwork.ts';
import { SimulatedSensor } from '../../src/sensors/simulate/SimulatedSensor.ts';
import { simulateSensors } from '../../src/sensors/simulate/simulateSensors.ts';
import { startSensorGateway, type RunningGateway } from '../../src/sensors/startSensorGateway.ts';
import { readableIn } from '../../src/sensors/test/readableIn.ts';
import { startRecordingProxy, type RecordingProxy } from '../../src/sensors/test/recordingProxy.ts';
import { freePorts } from '../freePorts.ts';
import { MOSQUITTO, startMosquitto } from './startMosquitto.ts';

/** Every byte that passes in front of mosquitto, over MQTT 5, with a device that seals its readings and one that does not. */

const skip = MOSQUITTO === undefined ? 'mosquitto is not installed' : false;

describe('whoever runs the broker', { skip }, () => {
  let folder: string;
  let broker: ChildProcessWithoutNullStreams;
  let network: TestNetwork;
  let patient: Party;
  let carrier: Party;
  let proxy: RecordingProxy;
  let gateway: RunningGateway;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medseal-sniffed-'));
    const [port = 0] = await freePorts(1);
    broker = await startMosquitto({ folder, port });
    network = await startTestNetwork();
    patient = await network.party('patient');
    carrier = await network.party('nurse');
    await commitEpochs(patient, 4);
    proxy = await startRecordingProxy(`mqtt://127.0.0.1:${port}`);
    gateway = await startSensorGateway(
      carrier,
      new MemoryDatabase(),
      { mqtt: { url: proxy.url, version: 5, clientId: 'gateway' } },
      { ended: () => undefined, bound: () => undefined, delayed: () => undefined },
    );
  });
  after(async () => {
    await gateway.stop();
    await proxy.close();
    broker.kill('SIGKILL');
    await network.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs a device of a kind for ten seconds; returns the lines that its patient reads. */
  async function run(kind: 'wearable' | 'bed', seals: boolean): Promise<readonly string[]> {
    const { primitives, random } = carrier;
    const choice = { kind, seed: `${kind} ${seals}`, number: 0, boot: 0 } as const;
    const { address, model, serial } = new SimulatedSensor(primitives, choice);
    const { grant } = await bindDevice(patient, {
      device: { address, model, serial },
      gateway: carrier.address,
      categories: ['vitals'],
      until: BEGIN + 86_400,
    });
    const { handle } = grant;
    const sealing = { pin: pinOfDevice(patient, handle), random, clock: network.clock };
    const sensor = new SimulatedSensor(primitives, choice, seals ? sealing : undefined);
    const hurry = setInterval(() => network.clock.advance(1000), 10);
    const { entered, refused } = await simulateSensors(network.clock, [{ sensor }], {
      door: proxy.url,
      seconds: 10,
    }).finally(() => clearInterval(hurry));
    assert.equal(refused, 0);
    if (seals) assert.equal(entered, 1);
    for (;;) {
      const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
      const span = { from: 0, until: network.clock.now() + 86_400_000 };
      const devices = await readReadings(patient, chart, span);
      const own = devices.find(({ device }) => device === address);
      if (own === undefined) continue;
      return own.batches.flatMap((batch) =>
        'error' in batch ? [] : batch.readings.map(({ line }) => line),
      );
    }
  }

  it('reads nothing of what devices seal, and all of what they do not', async () => {
    const sealed = [...(await run('wearable', true)), ...(await run('bed', true))];
    assert.equal(sealed.length, 70);
    assert.deepEqual(readableIn(proxy.seen(), sealed), []);
    const plain = await run('wearable', false);
    const found = readableIn(proxy.seen(), plain);
    for (const line of [...plain, '149530', '"value":']) assert.ok(found.includes(line), line);
    assert.ok(!readableIn(proxy.seen(), sealed).some((each) => sealed.includes(each)));
  });
});
