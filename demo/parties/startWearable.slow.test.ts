import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { batchesOnChart } from '../../src/client/devices/batchesOnChart.ts';
import { endDevice } from '../../src/client/devices/endDevice.ts';
import { listDevices } from '../../src/client/devices/listDevices.ts';
import type { Party } from '../../src/client/party/Party.ts';
import { readChart } from '../../src/client/records/readChart.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import { readKeystore } from '../../src/device/keystore.ts';
import { machinePorts } from '../../src/folder/NodePorts.ts';
import { openNetwork, type RunningNetwork } from '../../src/node/openNetwork.ts';
import type { AgentPort } from '../../src/protocol/AgentPort.ts';
import { enrolDemoParties, openDemoParty } from './demoParties.ts';
import { temporaryFolder } from '../../src/cli/test/runMedseal.ts';
import { startWearable, type DemoWearable } from './startWearable.ts';

const ends: (() => unknown)[] = [];
let folder: string;
let keystore: string;
let network: RunningNetwork;
let patient: Party;
/** Milliseconds by which the network's clock is ahead. */
let ahead = 0;

before(async () => {
  folder = await temporaryFolder({ after: (end) => void ends.push(end) });
  keystore = `${folder}/parties`;
  const ports = await machinePorts();
  const clock = { ...ports.clock, now: () => ports.clock.now() + ahead };
  network = await openNetwork({ folder, demo: true, ports: { ...ports, clock } });
  ends.push(async () => await network.close());
  await enrolDemoParties(network, keystore);
  const keys = await readKeystore(keystore, network.file);
  const key = keys.find(({ name }) => name === 'patient');
  assert.ok(key);
  patient = await openDemoParty(network, keystore, key);
});
after(async () => {
  for (const end of ends.toReversed()) await end();
});

/** The network, and a promise for the answer to the first batch that its gateway submits. */
function untilBatch(): { readonly heard: RunningNetwork; readonly answered: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const submit =
    (agent: AgentPort): AgentPort['submit'] =>
    async (submissions) => {
      const outcomes = await agent.submit(submissions);
      if (submissions.some(({ readings }) => readings !== undefined)) resolve();
      return outcomes;
    };
  const listening = (agent: AgentPort): AgentPort =>
    new Proxy(agent, {
      get: (target, name) => (name === 'submit' ? submit(target) : Reflect.get(target, name)),
    });
  const agents = [...network.agents].map(([name, agent]) => [name, listening(agent)] as const);
  return { heard: { ...network, agents: new Map(agents) }, answered: promise };
}

async function started(on: RunningNetwork = network): Promise<DemoWearable> {
  return await startWearable(on, keystore, `${folder}/wearable`, (error) => {
    throw error;
  });
}

describe('the wearable of a demonstration', () => {
  it('measures on its patient’s chart, and goes on as the same device after it was closed', async () => {
    const runs: DemoWearable[] = [];
    for (let run = 0; run < 2; run++) {
      const { heard, answered } = untilBatch();
      const wearable = await started(heard);
      runs.push(wearable);
      await answered;
      await wearable.close();
    }
    const { handle } = await readPatientState(patient);
    const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
    const devices = batchesOnChart(patient, chart);
    assert.equal(devices.length, 1, 'one device');
    const { batches = [] } = devices[0] ?? {};
    assert.ok(batches.length >= 2);
    assert.ok(batches.every(({ header, forked, late }) => header.count === 30 && !forked && !late));
    assert.equal(new Set(batches.map(({ header }) => header.boot)).size, 2, 'two starts');
    const listed = await listDevices(patient);
    assert.deepEqual(
      listed.map(({ shortCode, state }) => [shortCode, state]),
      [[runs[1]?.shortCode, 'holds']],
    );
    assert.equal(runs[0]?.shortCode, runs[1]?.shortCode);
  });

  it('is bound again by the next start once its year is over, and measures', async () => {
    ahead += 366 * 86_400_000;
    const { heard, answered } = untilBatch();
    const wearable = await started(heard);
    await answered;
    await wearable.close();
    const listed = await listDevices(patient);
    assert.ok(listed.every(({ shortCode }) => shortCode === wearable.shortCode));
    assert.deepEqual(new Set(listed.map(({ state }) => state)), new Set(['expired', 'holds']));
  });

  it('is not bound again once its patient ended it', async () => {
    const [listed] = await listDevices(patient);
    assert.ok(listed?.device);
    await endDevice(patient, listed.device.address);
    const wearable = await started();
    await wearable.close();
    assert.deepEqual(await listDevices(patient), []);
  });
});
