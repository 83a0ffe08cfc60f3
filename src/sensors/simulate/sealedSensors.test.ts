import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { MemoryDatabase } from '../../database/test/MemoryDatabase.ts';
import { batchesOnChart } from '../../client/devices/batchesOnChart.ts';
import { bindDevice } from '../../client/devices/bindDevice.ts';
import { pinOfDevice } from '../../client/devices/pinOfDevice.ts';
import { readReadings } from '../../client/devices/readReadings.ts';
import { commitEpochs } from '../../client/epochs/commitEpochs.ts';
import type { Party } from '../../client/party/Party.ts';
import { readChart } from '../../client/records/readChart.ts';
import { grantRight } from '../../client/rights/grantRight.ts';
import { revokeRight } from '../../client/rights/revokeRight.ts';
import { BEGIN, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import type { Handle } from '../../protocol/ids.ts';
import { startSensorGateway, type RunningGateway } from '../startSensorGateway.ts';
import { readableIn } from '../test/readableIn.ts';
import { startRecordingProxy, type RecordingProxy } from '../test/recordingProxy.ts';
import { startBroker, type EmbeddedBroker } from '../transport/startBroker.ts';
import { openHttpLine } from './openHttpLine.ts';
import { RunningSensor } from './RunningSensor.ts';
import { SimulatedSensor } from './SimulatedSensor.ts';
import { simulateSensors, type SensorsRun } from './simulateSensors.ts';

/** Choice of a device: the patient who binds it, the one whose chart it seals to, and whether it seals. */
interface Chosen {
  readonly owner?: Party;
  readonly pinned?: Party;
  readonly seals?: boolean;
}

describe('devices that seal their readings', () => {
  let network: TestNetwork;
  let patient: Party;
  let other: Party;
  let carrier: Party;
  let broker: EmbeddedBroker;
  let proxy: RecordingProxy;
  let gateway: RunningGateway;
  const bound = new Map<Party, Handle>();

  before(async () => {
    network = await startTestNetwork();
    patient = await network.party('patient');
    other = await network.party('patient');
    carrier = await network.party('nurse');
    for (const each of [patient, other]) await commitEpochs(each, 12);
    broker = await startBroker('gateway');
    proxy = await startRecordingProxy(broker.url);
    const { url } = proxy;
    const { password } = broker;
    const mqtt = { url, version: 4, clientId: 'gateway', username: 'gateway', password } as const;
    gateway = await startSensorGateway(
      carrier,
      new MemoryDatabase(),
      { mqtt, http: { port: 0 } },
      { ended: () => undefined, bound: () => undefined, delayed: () => undefined },
    );
  });
  after(async () => {
    await gateway.stop();
    await proxy.close();
    await broker.close();
    await network.close();
  });

  /** A device that is bound to a patient, and seals to the chart that was pinned, if it seals. */
  async function sensorOf(
    seed: string,
    { owner = patient, seals = true, ...chosen }: Chosen = {},
  ): Promise<SimulatedSensor> {
    const { pinned = owner } = chosen;
    const { primitives, random } = carrier;
    const choice = { kind: 'wearable', seed, number: 0, boot: 0 } as const;
    const { address, model, serial } = new SimulatedSensor(primitives, choice);
    const { grant } = await bindDevice(owner, {
      device: { address, model, serial },
      gateway: carrier.address,
      categories: ['vitals'],
      until: BEGIN + 86_400,
    });
    bound.set(owner, grant.handle);
    const pin = pinOfDevice(pinned, bound.get(pinned) ?? assert.fail('bind it first'));
    const sealing = { pin, random, clock: network.clock };
    return new SimulatedSensor(primitives, choice, seals ? sealing : undefined);
  }

  /** Runs a device while time passes, and calls back at each batch that it signed. */
  async function run(
    sensor: SimulatedSensor,
    {
      door = proxy.url,
      seconds = 10,
      onSigned = async (_count: number) => await Promise.resolve(),
    } = {},
  ): Promise<SensorsRun> {
    const stop = new AbortController();
    let count = 0;
    let working = 0;
    let busy = Promise.resolve();
    let failures = 0;
    const running = simulateSensors(
      network.clock,
      [{ sensor }],
      { door, seconds, signal: stop.signal },
      {
        signed: () => {
          const number = ++count;
          working += 1;
          busy = busy.then(async () => await onSigned(number)).finally(() => (working -= 1));
        },
        failed: (_sensor, code) => {
          if (code === 'KEY_UNAUTHENTIC' && ++failures === 2) stop.abort();
        },
      },
    );
    // Time stands still while somebody answers a batch, so that the next one comes after the answer.
    const hurry = setInterval(() => {
      if (working === 0) network.clock.advance(1000);
    }, 10);
    try {
      return await running;
    } finally {
      clearInterval(hurry);
      await busy;
    }
  }

  async function linesOn(owner: Party, sensor: SimulatedSensor): Promise<readonly string[]> {
    const handle = bound.get(owner) ?? assert.fail('nothing is bound');
    const chart = await readChart(owner, { handle, purpose: 'PATRQT' });
    const span = { from: 0, until: network.clock.now() + 86_400_000 };
    const devices = await readReadings(owner, chart, span);
    const own = devices.find(({ device }) => device === sensor.address);
    return (own?.batches ?? []).flatMap((batch) => {
      assert.ok(!('error' in batch), 'error' in batch ? batch.error.code : '');
      assert.equal(batch.altered, false);
      return batch.readings.map(({ line }) => line);
    });
  }

  // @actor who runs the broker | to read what a device seals
  it('show the broker no reading, in whatever form; of others it sees all', async () => {
    const sealing = await sensorOf('sealing');
    const told = await run(sealing);
    assert.deepEqual([told.batches, told.entered, told.refused, told.kept], [1, 1, 0, 0]);
    const sealed = await linesOn(patient, sealing);
    assert.equal(sealed.length, 30);
    assert.deepEqual(readableIn(proxy.seen(), sealed), []);
    const size = proxy.seen().reduce((sum, { length }) => sum + length, 0);
    assert.ok(size > 20_000, 'the sealed batch passed');

    const plain = await sensorOf('plain', { seals: false });
    await run(plain);
    const lines = await linesOn(patient, plain);
    assert.equal(lines.length, 30);
    const found = readableIn(proxy.seen(), lines);
    for (const line of lines) assert.ok(found.includes(line), line);
    for (const word of ['"value":', '149530']) assert.ok(found.includes(word), word);
    assert.deepEqual(
      readableIn(proxy.seen(), sealed).filter((each) => sealed.includes(each)),
      [],
    );
  });

  it('have their batches on the chart over HTTP too', async () => {
    const sensor = await sensorOf('over http');
    const door = gateway.doors.find((each) => each.startsWith('http')) ?? '';
    const told = await run(sensor, { door, seconds: 20 });
    assert.deepEqual([told.batches, told.refused, told.kept], [2, 0, 0]);
    assert.equal((await linesOn(patient, sensor)).length, 60);
  });

  it('seal again what came after the keys turned, so that nothing is missing and nothing doubled', async () => {
    const sensor = await sensorOf('turning');
    const { digest } = await grantRight(patient, {
      grantee: carrier.address,
      categories: ['medications'],
      actions: ['read'],
      purpose: 'TREAT',
      until: BEGIN + 86_400,
    });
    const told = await run(sensor, {
      seconds: 30,
      async onSigned(count) {
        if (count === 1) await revokeRight(patient, digest);
      },
    });
    assert.deepEqual([told.batches, told.refused, told.kept], [3, 0, 0]);
    assert.ok((told.errors['EPOCH_STALE'] ?? 0) >= 1, JSON.stringify(told.errors));
    const lines = await linesOn(patient, sensor);
    assert.equal(lines.length, 90);
    assert.equal(new Set(lines).size, 90);
    const handle = bound.get(patient) ?? assert.fail('bound');
    const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
    const own = batchesOnChart(patient, chart).find(({ device }) => device === sensor.address);
    assert.deepEqual(
      own?.batches.map(({ header, forked, follows }) => [header.first, forked, follows]),
      [
        [0, false, false],
        [30, false, true],
        [60, false, true],
      ],
    );
  });

  it('count no batch as refused that they seal again, if its refusal is told twice', async () => {
    const sensor = await sensorOf('told twice');
    const counts = { batches: 0, stored: 0, entered: 0, refused: 0 };
    const errors: Record<string, number> = {};
    const { clock } = network;
    const running = new RunningSensor(sensor, {
      clock,
      run: { seconds: 10 },
      news: {},
      counts,
      errors,
      later: (milliseconds, work) => void clock.after(milliseconds, work),
      grant: undefined,
      delay: 0,
    });
    const door = openHttpLine(gateway.doors.find((each) => each.startsWith('http')) ?? '', running);
    let sent = 0;
    const turned = { code: 'EPOCH_STALE', again: false } as const;
    const hurry = setInterval(() => clock.advance(1000), 10);
    try {
      await running.begin({
        announce: (hello) => door.announce(hello),
        ask: (question) => door.ask(question),
        send({ digest, ...batch }) {
          sent += 1;
          if (sent > 1) door.send({ digest, ...batch });
          else for (const _ of [1, 2]) running.failed({ digest, ...turned });
        },
        close: async () => await door.close(),
      });
    } finally {
      clearInterval(hurry);
      await door.close();
    }
    assert.deepEqual(counts, { batches: 1, stored: 1, entered: 1, refused: 0 });
    assert.deepEqual(errors, { EPOCH_STALE: 1 });
    assert.equal((await linesOn(patient, sensor)).length, 30);
  });

  it('seal nothing for somebody else who bound them, and send nothing', async () => {
    await sensorOf('of the patient');
    const sensor = await sensorOf('taken over', { owner: other, pinned: patient });
    const told = await run(sensor, { seconds: 10 });
    assert.ok((told.errors['KEY_UNAUTHENTIC'] ?? 0) >= 2, JSON.stringify(told.errors));
    assert.deepEqual([told.stored, told.entered], [0, 0]);
    assert.deepEqual(await linesOn(other, sensor), []);
  });
});
