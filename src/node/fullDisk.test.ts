import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { addRecord } from '../client/records/addRecord.ts';
import { fetchReceipt } from '../client/audit/fetchReceipt.ts';
import { commitEpochs } from '../client/epochs/commitEpochs.ts';
import { listTold } from '../client/news/listTold.ts';
import { tellBrowser } from '../client/news/tellBrowser.ts';
import { enrol } from '../client/party/enrol.ts';
import { grantRight } from '../client/rights/grantRight.ts';
import { httpAgent } from '../client/agent/httpAgent.ts';
import { memoryDevice } from '../client/party/memoryDevice.ts';
import { openParty, type Party } from '../client/party/Party.ts';
import type { LoggedVersion } from '../client/records/logVersion.ts';
import { readPatientState } from '../client/state/PatientState.ts';
import { readChart } from '../client/records/readChart.ts';
import { revokeRight } from '../client/rights/revokeRight.ts';
import { utf8ToBytes } from '../crypto/bytes.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import type { Role } from '../protocol/vocabulary.ts';
import { parseConfiguration } from './configuration/parseConfiguration.ts';
import { foundAlone } from './founding/foundAlone.ts';
import { openNodeFolder } from './NodeFolder.ts';
import { machinePorts } from '../folder/NodePorts.ts';
import type { RunningNode } from './openNode.ts';
import { createLogger } from './operate/createLogger.ts';
import { runNode, type NodeProcess } from './runNode.ts';
import { scratchFolder } from './test/scratchFolder.ts';

/** A node whose disk fills up, as its parties and its operator see it; how much is free is made up. */

const RESERVE = 1000;
const ports = await machinePorts();
const lines: string[] = [];
let path: string;
let node: NodeProcess;
let running: RunningNode;
let free = RESERVE;
let looked = Promise.withResolvers<void>();

before(async () => {
  path = await scratchFolder();
  const create = { demo: false, hosts: ['hospital'] };
  const folder = await openNodeFolder(path, { ports, create });
  await foundAlone(folder, ports);
  await folder.close();
});
after(async () => {
  await node.stop();
  await rm(path, { recursive: true });
});

async function start(): Promise<NodeProcess> {
  const keys = ['listen.port', 'operate.port', 'ledger.port'];
  const configuration = parseConfiguration({
    line: new Map([
      ...keys.map((key) => [key, '0'] as const),
      ['disk.reserve', String(RESERVE)],
      ['authority.accepts', 'everyone'],
    ]),
  });
  return await runNode({
    folder: await openNodeFolder(path, { ports }),
    configuration,
    ports,
    log: createLogger({ level: 'info', format: 'json', write: (line) => void lines.push(line) }),
    version: 'test',
    freeBytes: async () => {
      looked.resolve();
      looked = Promise.withResolvers();
      return await Promise.resolve(free);
    },
  });
}

/** So many bytes are free now, and the node has seen it. */
async function leave(bytes: number): Promise<void> {
  free = bytes;
  await looked.promise;
  await new Promise(setImmediate);
}

async function readiness(): Promise<{ status: number; waitingFor: readonly string[] }> {
  const answer = await fetch(`${node.urls.operate}/readyz`);
  return { status: answer.status, ...((await answer.json()) as { waitingFor: string[] }) };
}

async function enrolled(role: Role): Promise<Party> {
  const party = await openParty({
    ...ports,
    seed: ports.random(32),
    network: running.file,
    agent: httpAgent(`${node.urls.agents}/hospital`),
    log: 'care/hospital',
    device: memoryDevice(),
  });
  await enrol(party, { role, organisation: 'hospital' });
  return party;
}

async function add(patient: Party): Promise<LoggedVersion> {
  const { handle } = await readPatientState(patient);
  const content = utf8ToBytes('a note');
  return await addRecord(patient, { handle, category: 'other', content, purpose: 'PATRQT' });
}

describe('a node whose disk is full', () => {
  it('waits for room before it opens its stores, and says so', async () => {
    free = RESERVE - 1;
    node = await start();
    assert.deepEqual(await readiness(), {
      status: 503,
      ready: false,
      waitingFor: ['room on its disk'],
    });
    assert.equal((await fetch(`${node.urls.operate}/healthz`)).status, 200);
    const early = await fetch(`${node.urls.agents}/hospital/v1/network`);
    assert.deepEqual([early.status, early.headers.get('retry-after')], [503, '1']);
    free = RESERVE;
    running = await node.ready;
    assert.equal((await readiness()).status, 200);
  });

  it('ends while it waits, and leaves its folder to the next', async () => {
    await node.stop();
    free = 0;
    node = await start();
    assert.equal(await node.stop(), true);
    await assert.rejects(node.ready, failsWith('CLOSED'));
    free = RESERVE;
    node = await start();
    running = await node.ready;
  });

  it('refuses what is new, ends rights, serves what is public, and goes on once there is room', async () => {
    const [patient, doctor] = [await enrolled('patient'), await enrolled('doctor')];
    await commitEpochs(patient, 3);
    const right = await grantRight(patient, {
      grantee: doctor.address,
      categories: ['other'],
      actions: ['read'],
      purpose: 'TREAT',
      until: Math.floor(Date.now() / 1000) + 3600,
    });
    // Before its first checkpoint a log has none to serve.
    await fetchReceipt(patient, (await add(patient)).acknowledgement);
    await leave(RESERVE - 1);
    assert.deepEqual((await readiness()).waitingFor, ['room on its disk']);
    await assert.rejects(add(patient), failsWith('STORAGE_FULL'));
    const { handle } = await readPatientState(patient);
    await assert.rejects(
      readChart(patient, { handle, purpose: 'PATRQT' }),
      failsWith('STORAGE_FULL'),
      'no view without evidence',
    );
    await revokeRight(patient, right.digest);
    const telling = tellBrowser(patient, 'https://push.example.org/lena');
    await assert.rejects(telling, failsWith('STORAGE_FULL'));
    await listTold(patient);
    const checkpoint = await fetch(`${node.urls.agents}/hospital/v1/checkpoints/care/hospital`);
    assert.equal(checkpoint.status, 200);
    await leave(RESERVE);
    assert.equal((await readiness()).status, 200);
    await add(patient);
    const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
    assert.equal(chart.records.length, 2, 'of what was refused nothing is there');
  });

  it('tells whoever runs it that a store takes no more, once a write failed', async () => {
    // Also after a test that failed while there was no room.
    free = RESERVE;
    await node.stop();
    const folder = await openNodeFolder(path, { ports });
    const database = await folder.homes[0]?.folder.database('letters');
    assert.ok(database !== undefined);
    // A write without a value fails as one at a failing disk does.
    await assert.rejects(database.put('key', undefined as never), failsWith('FOLDER_UNWRITABLE'));
    await folder.halted;
    await database.close();
    await folder.close();
    node = await start();
    running = await node.ready;
  });
});
