import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { MemoryDatabase } from '../../database/test/MemoryDatabase.ts';
import { batchesOnChart } from '../../client/devices/batchesOnChart.ts';
import { bindDevice } from '../../client/devices/bindDevice.ts';
import { endDevice } from '../../client/devices/endDevice.ts';
import { commitEpochs } from '../../client/epochs/commitEpochs.ts';
import type { Party } from '../../client/party/Party.ts';
import { readChart } from '../../client/records/readChart.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import { BEGIN, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { startSensorGateway, type RunningGateway } from '../startSensorGateway.ts';
import { openHttpLine } from './openHttpLine.ts';
import { SimulatedSensor } from './SimulatedSensor.ts';
import { simulateSensors, type SensorToRun } from './simulateSensors.ts';

describe('simulated devices before a gateway', () => {
  let network: TestNetwork;
  let patient: Party;
  let carrier: Party;
  let gateway: RunningGateway;
  const ends: string[] = [];
  let heard = Promise.withResolvers<undefined>();

  before(async () => {
    network = await startTestNetwork();
    patient = await network.party('patient');
    carrier = await network.party('nurse');
    await commitEpochs(patient, 8);
    gateway = await startSensorGateway(
      carrier,
      new MemoryDatabase(),
      { broker: { port: 0 }, http: { port: 0 } },
      {
        ended(_device, digest, end) {
          ends.push(`${digest} ${end.state}`);
          heard.resolve(undefined);
          heard = Promise.withResolvers();
        },
        bound: () => undefined,
        delayed: (error) => assert.fail(error),
      },
    );
  });
  after(async () => {
    await gateway.stop();
    await network.close();
  });

  function doorOf(scheme: 'mqtt' | 'http'): string {
    return gateway.doors.find((door) => door.startsWith(scheme)) ?? '';
  }

  function sensorOf(seed: string, number = 0): SimulatedSensor {
    const choice = { kind: 'wearable', seed, number, boot: 0 } as const;
    return new SimulatedSensor(carrier.primitives, choice);
  }

  async function bound(sensor: SimulatedSensor, by = patient): Promise<SensorToRun> {
    const { address, model, serial } = sensor;
    const { digest } = await bindDevice(by, {
      device: { address, model, serial },
      gateway: carrier.address,
      categories: ['vitals'],
      until: BEGIN + 86_400,
    });
    return { sensor, grant: digest };
  }

  async function ended(digest: Bytes32): Promise<string | undefined> {
    for (;;) {
      const end = ends.find((each) => each.startsWith(digest));
      if (end !== undefined) return end.split(' ').at(-1);
      await heard.promise;
    }
  }

  it('announce themselves, measure in turn, and have all on the chart, each batch once', async () => {
    const sensors = [await bound(sensorOf('two', 0)), await bound(sensorOf('two', 1))];
    const ready = Promise.withResolvers<undefined>();
    const signed: Bytes32[] = [];
    let count = 0;
    const run = simulateSensors(
      network.clock,
      sensors,
      { door: doorOf('mqtt'), seconds: 15 },
      {
        bound: () => (++count === 2 ? ready.resolve(undefined) : undefined),
        signed: (_sensor, { digest }) => void signed.push(digest),
      },
    );
    // The gateway reads the rights again by its clock.
    network.clock.advance(16_000);
    await ready.promise;
    for (const seconds of [10, 5, 5]) network.clock.advance(seconds * 1000);
    const { batches, stored, refused, kept, overwritten } = await run;
    assert.deepEqual([batches, stored, refused, kept, overwritten], [4, 4, 0, 0, 0]);
    for (const digest of signed) assert.equal(await ended(digest), 'entered');
    const { handle } = await readPatientState(patient);
    const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
    const found = batchesOnChart(patient, chart);
    assert.equal(found.length, 2);
    for (const { sensor } of sensors) {
      const own = found.find(({ device }) => device === sensor.address);
      assert.deepEqual(
        own?.batches.map(({ header: { first, count: readings } }) => [first, readings]),
        [
          [0, 30],
          [30, 15],
        ],
      );
      assert.deepEqual(
        own?.batches.map(({ follows, forked, late }) => [follows || late, forked]).at(-1),
        [true, false],
      );
    }
  });

  it('sign nothing without a right, and what one signs under a right of its own invention is refused', async () => {
    const unbound = sensorOf('unbound');
    const stop = new AbortController();
    const run = simulateSensors(
      network.clock,
      [{ sensor: unbound }],
      { door: doorOf('http'), seconds: 10, signal: stop.signal },
      { bound: () => assert.fail('nobody bound it') },
    );
    network.clock.advance(20_000);
    stop.abort();
    const { batches, stored } = await run;
    assert.deepEqual([batches, stored], [0, 0]);
    unbound.bind(word('a right that nobody gave'));
    const failed = Promise.withResolvers<{ code: string; again: boolean }>();
    const ears = {
      reopened: unheard,
      bound: unheard,
      told: unheard,
      failed: failed.resolve.bind(failed),
    };
    const line = openHttpLine(doorOf('http'), ears);
    line.send(unbound.measure(1, network.clock.now() - 1000));
    // The gateway looks at the nodes once more, by its clock.
    const hurry = setInterval(() => network.clock.advance(5000), 20);
    const { code, again } = await failed.promise;
    clearInterval(hurry);
    assert.deepEqual([code, again], ['RIGHT_MISSING', false]);
    await line.close();
  });

  it('keep what no gateway has when they are stopped, and count it', async () => {
    const owner = await network.party('patient');
    await commitEpochs(owner, 4);
    const toRun = await bound(sensorOf('kept'), owner);
    assert.ok(toRun.grant !== undefined);
    toRun.sensor.bind(toRun.grant);
    toRun.sensor.measure(10, network.clock.now() - 10_000);
    const stop = new AbortController();
    // Nothing listens at port 9 of this machine.
    const door = 'http://127.0.0.1:9';
    const failed = Promise.withResolvers<string>();
    const run = simulateSensors(
      network.clock,
      [toRun],
      { door, seconds: 30, signal: stop.signal },
      { failed: (_sensor, code) => failed.resolve(code) },
    );
    const unbound = sensorOf('unbound at a closed door');
    const other = simulateSensors(
      network.clock,
      [{ sensor: unbound }],
      { door, seconds: 30, signal: stop.signal },
      { failed: (_sensor, code) => failed.resolve(code) },
    );
    assert.equal(await failed.promise, 'PEER_UNREACHABLE');
    stop.abort();
    const { kept, stored } = await run;
    assert.deepEqual([kept, stored], [1, 0]);
    assert.equal((await other).kept, 0);
  });

  for (const scheme of ['mqtt', 'http'] as const) {
    it(`stop once their right ended, over ${scheme}, and nothing more of them is on the chart`, async () => {
      // Ending a right turns the patient's keys, so that each has a patient of its own.
      const owner = await network.party('patient');
      await commitEpochs(owner, 4);
      const toRun = await bound(sensorOf(`ended over ${scheme}`), owner);
      const ready = Promise.withResolvers<undefined>();
      const signed: Bytes32[] = [];
      // Until the device announces itself again, the gateway has read the rights.
      const hurry = setInterval(() => network.clock.advance(5000), 50);
      const run = simulateSensors(
        network.clock,
        [toRun],
        { door: doorOf(scheme), seconds: 60 },
        {
          bound() {
            clearInterval(hurry);
            ready.resolve(undefined);
          },
          signed: (_sensor, { digest }) => void signed.push(digest),
        },
      );
      await ready.promise;
      network.clock.advance(10_000);
      assert.equal(await ended(signed[0] as Bytes32), 'entered');
      await endDevice(owner, toRun.sensor.address);
      network.clock.advance(10_000);
      assert.equal(await ended(signed[1] as Bytes32), 'refused');
      network.clock.advance(10_000);
      const { stored, refused, errors, batches } = await run;
      assert.equal(errors['RIGHT_ENDED'], 1);
      assert.ok(refused <= 1 && batches <= 3 && stored <= 2, 'it goes on no longer');
      assert.equal(ends.filter((end) => end.startsWith(signed[2] ?? 'none')).length, 0);
    });
  }
});

function unheard(): void {
  assert.fail('it was not refused');
}
