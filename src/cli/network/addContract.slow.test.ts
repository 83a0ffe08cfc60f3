import assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { freePorts } from '../../../scripts/freePorts.ts';
import { httpAgent } from '../../client/agent/httpAgent.ts';
import { readLife } from '../../client/care/vital/readLife.ts';
import { setWill } from '../../client/care/vital/setWill.ts';
import { commitEpochs } from '../../client/epochs/commitEpochs.ts';
import { enrol } from '../../client/party/enrol.ts';
import { memoryDevice } from '../../client/party/memoryDevice.ts';
import { openParty, type Party } from '../../client/party/Party.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { foundFromFiles } from '../../node/founding/ceremony.ts';
import { openNodeFolder } from '../../node/NodeFolder.ts';
import { ADDABLE_CONTRACTS } from '../../protocol/network/furtherContracts.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { Successor } from '../../protocol/network/Successor.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { askMedseal } from '../test/askMedseal.ts';
import { until } from '../test/ChannelNodes.ts';
import { momentOf } from '../test/momentOf.ts';
import { LATER, ownClock, type OwnClock } from '../test/ownClock.ts';
import { refused } from '../test/refused.ts';
import { runMedseal, temporaryFolder } from '../test/runMedseal.ts';
import { startNode, type RunningUp } from '../test/startNode.ts';
import { successionAt } from '../test/successionAt.ts';

/** A network that was founded without contracts, and gets them by a change, at nodes in processes of their own. */

const ORGANISATIONS = ['hospital', 'laboratory', 'insurer'] as const;
const ports = await machinePorts();
const ends: (() => unknown)[] = [];
const suite = { after: (end: () => unknown) => void ends.push(end) };
const doors = new Map<Organisation, { port: number; peerPort: number }>();
const nodes = new Map<Organisation, RunningUp>();
const device = memoryDevice();
const seed = ports.random(32);
const will = { grants: [], lasts: 86_400 };
let root: string;
let clock: OwnClock;
let change: string;

before(async () => {
  root = await temporaryFolder(suite);
  clock = await ownClock(root);
  change = `${root}/change.json`;
  await mkdir(`${root}/exchange`);
  for (const name of ORGANISATIONS) {
    const [port = 0, peerPort = 0] = await freePorts(2);
    doors.set(name, { port, peerPort });
    const url = ['--url', `https://127.0.0.1:${peerPort}`, '--plain-keys'];
    await askMedseal('init', '--organisation', name, ...url, ...folders(name));
  }
  // As an earlier version founded it.
  const folder = await openNodeFolder(`${root}/hospital`, { ports });
  const terms = { unguarded: true, further: ['prescriptions'] } as const;
  await foundFromFiles(folder, `${root}/exchange`, ports, terms);
  await folder.close();
  for (const name of ORGANISATIONS.slice(1)) await askMedseal('init', ...folders(name), '--yes');
  await Promise.all(ORGANISATIONS.map(start));
  const patient = await patientAt('hospital');
  await enrol(patient, { role: 'patient', organisation: 'hospital' });
  await commitEpochs(patient, 2);
});
after(async () => {
  for (const end of ends.toReversed()) await end();
});

function folders(name: Organisation): readonly string[] {
  return ['--data', `${root}/${name}`, '--exchange', `${root}/exchange`];
}

async function start(name: Organisation): Promise<RunningUp> {
  const { port, peerPort } = doors.get(name) ?? assert.fail();
  const settings = [
    `listen.port=${port}`,
    `peers.port=${peerPort}`,
    'authority.accepts=everyone',
  ].flatMap((each) => ['--set', each]);
  const node = await startNode(suite, `${root}/${name}`, ...settings);
  nodes.set(name, node);
  return node;
}

async function restart(name: Organisation, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  await nodeOf(name).stop(signal);
  await start(name);
}

function nodeOf(name: Organisation): RunningUp {
  return nodes.get(name) ?? assert.fail(`${name} does not run`);
}

async function patientAt(name: Organisation): Promise<Party> {
  const agent = httpAgent(`http://127.0.0.1:${doors.get(name)?.port}/${name}`);
  const network = await agent.network();
  return await openParty({ ...ports, seed, network, agent, log: `care/${name}`, device });
}

/** Sets the patient's will at a node; returns its number, as the coordinators confirm it. */
async function setAt(name: Organisation): Promise<number> {
  const patient = await patientAt(name);
  const { handle } = await readPatientState(patient);
  await setWill(patient, { handle, ...will });
  return (await readLife(patient, handle)).number;
}

async function propose(file: string, ...wish: readonly string[]) {
  return await runMedseal('network', 'propose', file, '--data', `${root}/hospital`, ...wish);
}

async function sign(file: string, name: Organisation) {
  return await runMedseal('network', 'sign', file, '--data', `${root}/${name}`, '--yes');
}

function publish(): readonly string[] {
  const url = `http://127.0.0.1:${doors.get('hospital')?.port}`;
  return ['network', 'publish', change, '--data', `${root}/hospital`, '--url', url];
}

function addressesIn(text: string): readonly string[] {
  return [...text.matchAll(/gets the contract (\w+),.*: (0x[0-9a-f]{40})/g)].map(
    ([, name, address]) => `${name} ${address}`,
  );
}

describe('a network that was founded without contracts', () => {
  it('refuses what needs them, and takes no wish for one that it has or nobody knows', async () => {
    await assert.rejects(setAt('hospital'), failsWith('CONTRACT_ABSENT'));
    refused(await propose(change, '--contract', 'prescriptions'), 'ARGUMENT_INVALID', 2);
    assert.equal((await propose(change, '--contract', 'registry')).code, 2);
    const both = ['--contract', 'claims', '--leave', 'insurer'];
    refused(await propose(change, ...both), 'ARGUMENT_INVALID', 2);
  });

  it('gets them proposed once they are on the ledger, and the same ones if that is cut off', async () => {
    await nodeOf('insurer').stop('SIGTERM');
    const wish = ['--contract', 'vitalRecords,claims', ...LATER];
    const first = await propose(change, ...wish);
    refused(first, 'NOT_CONFIRMED');
    const shown = addressesIn(first.stderr);
    assert.deepEqual(
      shown.map((each) => each.split(' ')[0]),
      ['vitalRecords', 'settlement', 'claims'],
    );
    const cut = await propose(change, ...wish);
    assert.deepEqual(addressesIn(cut.stderr), shown);
    // A node that was stopped meanwhile creates others: those of before mean nothing.
    await restart('hospital', 'SIGKILL');
    const again = await propose(change, ...wish, '--yes');
    assert.equal(again.code, 0, again.stderr);
    assert.notDeepEqual(addressesIn(again.stderr), shown);
  });

  it('has the others sign only what their nodes found on the ledger', async () => {
    const good = await readFile(change, 'utf8');
    const { contracts = {}, ...draft } = JSON.parse(good) as Successor;
    const other = `${root}/other.json`;
    const { vitalRecords = assert.fail() } = contracts;
    const refusedWith = async (altered: Successor['contracts'], reason: RegExp): Promise<void> => {
      const given = { ...draft, ...(altered && { contracts: altered }), signatures: [] };
      await writeFile(other, JSON.stringify(given));
      const run = await sign(other, 'laboratory');
      refused(run, 'SUCCESSOR_INVALID');
      assert.match(run.stderr, reason);
    };
    const { network } = await patientAt('hospital');
    await refusedWith({ vitalRecords: network.founders?.[0]?.sender ?? '0x' }, /not on the ledger/);
    await refusedWith(
      { vitalRecords: contracts.claims ?? '0x' },
      /is not the one that this version/,
    );
    await refusedWith({ claims: vitalRecords }, /lacks the contract settlement/);
    await refusedWith({ prescriptions: vitalRecords }, /has a contract prescriptions already/);
    await rm(other);
    await nodeOf('laboratory').stop('SIGTERM');
    refused(await sign(change, 'laboratory'), 'CLOSED', 3);
    await start('laboratory');
    refused(await runMedseal(...publish()), 'SUCCESSOR_INVALID');
    const signed = await sign(change, 'laboratory');
    assert.equal(signed.code, 0, signed.stderr);
    await askMedseal(...publish());
  });

  it('goes on without them until the moment, and then with them, at nodes and devices', async () => {
    await until(
      'hearing',
      async () => (await successionAt(nodeOf('laboratory')))?.next !== undefined,
    );
    await restart('laboratory');
    await assert.rejects(setAt('hospital'), failsWith('CONTRACT_ABSENT'));
    const running = ['hospital', 'laboratory'] as const;
    await clock.moveTo(await momentOf(1, running.map(nodeOf)));
    for (const name of running) {
      await until(name, async () => (await successionAt(nodeOf(name)))?.number === 1);
    }
    assert.equal(await setAt('hospital'), 1);
    assert.equal(await setAt('laboratory'), 2);
  });

  it('has a node take them that was down, with all that happened to them meanwhile', async () => {
    await start('insurer');
    await until('insurer', async () => (await successionAt(nodeOf('insurer')))?.number === 1);
    const patient = await patientAt('insurer');
    const { handle } = await readPatientState(patient);
    assert.equal((await readLife(patient, handle)).number, 2);
    assert.equal(await setAt('insurer'), 3);
    for (const name of ADDABLE_CONTRACTS)
      assert.notEqual(patient.network.contracts[name], undefined);
  });

  it('goes on with them after a kill -9, and verifies them', async () => {
    for (const name of ORGANISATIONS) await nodeOf(name).stop('SIGKILL');
    await Promise.all(ORGANISATIONS.map(start));
    assert.equal(await setAt('insurer'), 4);
    assert.equal(await setAt('laboratory'), 5);
  });

  it('takes no other in the place of one that it has', async () => {
    const second = await propose(`${root}/second.json`, '--contract', 'claims', ...LATER);
    refused(second, 'ARGUMENT_INVALID', 2);
    assert.match(second.stderr, /the network has a contract claims already/);
  });
});
