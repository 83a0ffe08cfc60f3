import assert from 'node:assert/strict';
import { addRecord } from '../../client/records/addRecord.ts';
import { commitEpochs } from '../../client/epochs/commitEpochs.ts';
import { enrol } from '../../client/party/enrol.ts';
import { grantRight } from '../../client/rights/grantRight.ts';
import { httpAgent } from '../../client/agent/httpAgent.ts';
import { memoryDevice } from '../../client/party/memoryDevice.ts';
import { openParty, type Party } from '../../client/party/Party.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import { readChart } from '../../client/records/readChart.ts';
import { revokeRight } from '../../client/rights/revokeRight.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { takeRoom } from '../../node/test/takeRoom.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { Role } from '../../protocol/vocabulary.ts';
import { runMedseal } from './runMedseal.ts';
import { startNode, type RunningUp } from './startNode.ts';

/**
 * Fills the disk that a folder is on while a node runs there, and makes room again. `node fillNode.ts FOLDER` prints a
 * document where all went as it should. The disk has to be small and nobody else's: `fullDisk.slow.test.ts` mounts one.
 */

const RESERVE = 8_000_000;
const [folder = ''] = process.argv.slice(2);
const data = `${folder}/node`;
const ports = await machinePorts();
const seed = ports.random(32);
const device = memoryDevice();
const ends: (() => unknown)[] = [];

try {
  process.stdout.write(`${JSON.stringify(await play())}\n`);
} finally {
  for (const end of ends) await end();
}

async function play(): Promise<object> {
  const made = ['init', '--data', data, '--organisations', 'hospital', '--plain-keys', '--yes'];
  assert.equal((await runMedseal(...made)).code, 0);
  let node = await up();
  let patient = await visitor(node, seed);
  await enrolAs(patient, 'patient');
  await commitEpochs(patient, 3);
  const doctor = await visitor(node, ports.random(32));
  await enrolAs(doctor, 'doctor');
  const right = await grantRight(patient, {
    grantee: doctor.address,
    categories: ['other'],
    actions: ['read'],
    purpose: 'TREAT',
    until: Math.floor(Date.now() / 1000) + 3600,
  });
  let acknowledged = 0;
  const add = async (): Promise<void> => {
    const { handle } = await readPatientState(patient);
    const content = utf8ToBytes('a note');
    await addRecord(patient, { handle, category: 'other', content, purpose: 'PATRQT' });
    acknowledged += 1;
  };
  for (let number = 0; number < 10; number++) await add();

  // Less than the reserve: it refuses, and lives.
  let makeRoom = takeRoom(folder, RESERVE / 2);
  await until(node, 503);
  await assert.rejects(add(), failsWith('STORAGE_FULL'));
  makeRoom();
  await until(node, 200);
  await add();

  // Nothing at all, as another program may leave it: what cannot be written ends the process, which says why.
  makeRoom = takeRoom(folder, 0);
  // It may end before it is asked, for it writes by itself as well.
  await until(node, 503).catch(() => undefined);
  const ended = node.ended;
  for (let turn = 0; turn < 50 && !(await settled(ended)); turn++) {
    await revokeRight(patient, right.digest).catch(() => undefined);
  }
  const run = await ended;
  assert.equal(run.code, 3, run.stderr + run.stdout);
  assert.match(run.stdout, /"STORAGE_FULL"/);

  // Some room, less than the reserve: the next one waits, and is ready once there is enough.
  makeRoom();
  makeRoom = takeRoom(folder, RESERVE / 2);
  const next = up();
  makeRoom();
  node = await next;
  patient = await visitor(node, seed);
  await add();
  const { handle } = await readPatientState(patient);
  const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
  assert.equal(chart.records.length, acknowledged, 'all that was acknowledged, and nothing else');
  await revokeRight(patient, right.digest).catch(() => undefined);
  const stopped = await node.stop();
  assert.equal(stopped.code, 0, stopped.stderr);
  return { acknowledged };
}

async function up(): Promise<RunningUp> {
  const settings = ['--set', `disk.reserve=${RESERVE}`, '--set', 'authority.accepts=everyone'];
  return await startNode({ after: (end) => void ends.push(end) }, data, ...settings);
}

async function visitor({ ready }: RunningUp, from: Uint8Array): Promise<Party> {
  const agent = httpAgent(`${ready.urls.agents}/hospital`);
  const own = from === seed ? device : memoryDevice();
  const network = await agent.network();
  return await openParty({
    ...ports,
    seed: from,
    network,
    agent,
    log: 'care/hospital',
    device: own,
  });
}

async function enrolAs(party: Party, role: Role): Promise<void> {
  await enrol(party, { role, organisation: 'hospital' });
}

/** Until the node says that it is, or is not, ready: it looks once a second. */
async function until({ ready }: RunningUp, status: number): Promise<void> {
  for (let turn = 0; turn < 600; turn++) {
    if ((await fetch(`${ready.urls.operate}/readyz`)).status === status) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
  throw new Error(`it never became ${status}`);
}

async function settled(promise: Promise<unknown>): Promise<boolean> {
  const open = Symbol('open');
  return (await Promise.race([promise, Promise.resolve(open)])) !== open;
}
