import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { freePorts } from '../../../scripts/freePorts.ts';
import { httpAgent } from '../../client/agent/httpAgent.ts';
import { commitEpochs } from '../../client/epochs/commitEpochs.ts';
import { enrol } from '../../client/party/enrol.ts';
import { memoryDevice } from '../../client/party/memoryDevice.ts';
import { openParty, type Party } from '../../client/party/Party.ts';
import { addRecord } from '../../client/records/addRecord.ts';
import { readChart } from '../../client/records/readChart.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { askMedseal } from '../test/askMedseal.ts';
import { until } from '../test/ChannelNodes.ts';
import { momentOf } from '../test/momentOf.ts';
import { LATER, ownClock, type OwnClock } from '../test/ownClock.ts';
import { temporaryFolder } from '../test/runMedseal.ts';
import { startNode, type RunningUp } from '../test/startNode.ts';
import { successionAt, type SuccessionSaid } from '../test/successionAt.ts';

/** Nodes in processes of their own that take a change of the network while they run, and one that is killed meanwhile. */

const ORGANISATIONS = ['hospital', 'laboratory', 'insurer'] as const;
const ports = await machinePorts();
const ends: (() => unknown)[] = [];
const suite = { after: (end: () => unknown) => void ends.push(end) };
const doors = new Map<Organisation, { port: number; peerPort: number }>();
const nodes = new Map<Organisation, RunningUp>();
const device = memoryDevice();
const seed = ports.random(32);
const acknowledged: Acknowledgement['entry'][] = [];
let root: string;
let clock: OwnClock;

before(async () => {
  root = await temporaryFolder(suite);
  clock = await ownClock(root);
  await mkdir(`${root}/exchange`);
  for (const name of ORGANISATIONS) {
    const [port = 0, peerPort = 0] = await freePorts(2);
    doors.set(name, { port, peerPort });
    const url = ['--url', `https://127.0.0.1:${peerPort}`, '--plain-keys'];
    await askMedseal('init', '--organisation', name, ...url, ...folders(name));
  }
  for (const name of ORGANISATIONS) {
    const found = name === 'hospital' ? ['--found', '--unguarded'] : [];
    await askMedseal('init', ...found, ...folders(name), '--yes');
  }
  await Promise.all(ORGANISATIONS.map(start));
  const patient = await patientAt('insurer');
  await enrol(patient, { role: 'patient', organisation: 'insurer' });
  await commitEpochs(patient, 2);
});
after(async () => {
  for (const end of ends.toReversed()) await end();
});

function folders(name: Organisation): readonly string[] {
  return ['--data', `${root}/${name}`, '--exchange', `${root}/exchange`];
}

function doorOf(name: Organisation): { port: number; peerPort: number } {
  return doors.get(name) ?? assert.fail();
}

function urlOf(name: Organisation): string {
  return `http://127.0.0.1:${doorOf(name).port}`;
}

async function start(name: Organisation): Promise<RunningUp> {
  const { port, peerPort } = doorOf(name);
  const settings = [
    `listen.port=${port}`,
    `peers.port=${peerPort}`,
    'authority.accepts=everyone',
  ].flatMap((each) => ['--set', each]);
  const node = await startNode(suite, `${root}/${name}`, ...settings);
  nodes.set(name, node);
  return node;
}

async function patientAt(name: Organisation): Promise<Party> {
  const agent = httpAgent(`${urlOf(name)}/${name}`);
  const network = await agent.network();
  return await openParty({ ...ports, seed, network, agent, log: `care/${name}`, device });
}

async function add(text: string): Promise<void> {
  const patient = await patientAt('insurer');
  const { handle } = await readPatientState(patient);
  const content = utf8ToBytes(text);
  const added = await addRecord(patient, { handle, category: 'other', content, purpose: 'PATRQT' });
  acknowledged.push(added.acknowledgement.entry);
}

function nodeOf(name: Organisation): RunningUp {
  return nodes.get(name) ?? assert.fail(`${name} does not run`);
}

async function successionOf(name: Organisation): Promise<SuccessionSaid | undefined> {
  return await successionAt(nodeOf(name));
}

/** Has a change signed by two, and gives it to one node. */
async function change(
  file: string,
  by: readonly Organisation[],
  to: Organisation,
  ...wish: readonly string[]
): Promise<void> {
  const [first = '', second = ''] = by;
  const path = `${root}/${file}`;
  await askMedseal('network', 'propose', path, '--data', `${root}/${first}`, '--yes', ...wish);
  await askMedseal('network', 'sign', path, '--data', `${root}/${second}`, '--yes');
  await askMedseal('network', 'publish', path, '--data', `${root}/${to}`, '--url', urlOf(to));
}

async function works(act: Promise<unknown>): Promise<boolean> {
  return await act.then(
    () => true,
    () => false,
  );
}

async function requireAllRecords(): Promise<void> {
  const patient = await patientAt('insurer');
  const { handle } = await readPatientState(patient);
  const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
  const entries = chart.records.map(({ acknowledgement }) => acknowledgement.entry);
  assert.deepEqual(
    acknowledged.filter((entry) => !entries.includes(entry)),
    [],
  );
}

describe('nodes that take a change of the network while they run', () => {
  it('keep it through a kill -9 before its moment, and go on under it', async () => {
    await add('before any change');
    await change('one.json', ['hospital', 'laboratory'], 'hospital', '--views', '3', ...LATER);
    await until('hearing', async () => (await successionOf('insurer'))?.next !== undefined);
    await add('heard of the change');
    await nodes.get('insurer')?.stop('SIGKILL');
    await start('insurer');
    await clock.moveTo(await momentOf(1, ORGANISATIONS.map(nodeOf)));
    for (const name of ORGANISATIONS) {
      await until(name, async () => (await successionOf(name))?.number === 1);
    }
    await requireAllRecords();
    await until('a record', async () => await works(add('under the change')));
  });

  it('go on under it after a kill -9 in the middle of the change, and lose nothing', async () => {
    await change('two.json', ['insurer', 'laboratory'], 'laboratory', '--views', '2', ...LATER);
    const moment = await momentOf(2, ORGANISATIONS.map(nodeOf));
    await clock.moveTo(moment - 3);
    const isOver = (): boolean => Date.now() >= 1000 * moment;
    while (!isOver()) await add(`record ${acknowledged.length}`).catch(() => undefined);
    await until('the change', async () => (await successionOf('insurer'))?.number !== 1);
    await nodes.get('insurer')?.stop('SIGKILL');
    await start('insurer');
    assert.equal((await successionOf('insurer'))?.number, 2);
    await until('the others', async () => (await successionOf('hospital'))?.number === 2);
    await requireAllRecords();
    await until('a record', async () => await works(add('after the kill')));
  });
});
