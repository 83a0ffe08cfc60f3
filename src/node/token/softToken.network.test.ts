import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { httpAgent } from '../../client/agent/httpAgent.ts';
import { commitEpochs } from '../../client/epochs/commitEpochs.ts';
import { fetchReceipt } from '../../client/audit/fetchReceipt.ts';
import { enrol } from '../../client/party/enrol.ts';
import { memoryDevice } from '../../client/party/memoryDevice.ts';
import { openParty, type Party } from '../../client/party/Party.ts';
import { readChart } from '../../client/records/readChart.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import { bytesToHex } from '../../crypto/bytes.ts';
import { recoverAddress } from '../../crypto/recoverAddress.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { makeLaterKeys, readLaterKeys } from '../../folder/organisationKeys.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { parseConfiguration } from '../configuration/parseConfiguration.ts';
import { foundAlone } from '../founding/foundAlone.ts';
import { openNodeFolder } from '../NodeFolder.ts';
import { createLogger } from '../operate/createLogger.ts';
import { runNode, type NodeProcess } from '../runNode.ts';
import { addTo } from '../test/foundFolder.ts';
import { scratchFolder } from '../test/scratchFolder.ts';
import { PkcsToken } from './PkcsToken.ts';
import { lacksSoftToken, makeSoftToken, type SoftToken } from './test/makeSoftToken.ts';

/** A network whose organisations have their keys in a token of SoftHSM, run as `medseal up` does. */

const lack = lacksSoftToken();
const ports = await machinePorts();
/** Longer than a loaded machine takes to answer; nothing waits for it. */
const patience = 60_000;
const lines: string[] = [];
const hearers = new Set<() => void>();
let root: string;
let soft: SoftToken;
let node: NodeProcess;
let patient: Party;

function openSoftToken(): PkcsToken {
  return new PkcsToken({ ...soft.settings, primitives: ports.primitives, patience });
}

function write(line: string): void {
  lines.push(line);
  for (const hear of hearers) hear();
}

async function start(path = 'network'): Promise<NodeProcess> {
  const free = ['listen.port', 'operate.port', 'ledger.port'].map((key) => [key, '0'] as const);
  const configuration = parseConfiguration({
    line: new Map([...free, ['authority.accepts', 'everyone'], ['portal.serve', 'never']]),
  });
  const folder = await openNodeFolder(join(root, path), { ports, token: openSoftToken() });
  const log = createLogger({ level: 'trace', format: 'json', write });
  return await runNode({ folder, configuration, ports, log, version: '1.2.3' });
}

/** Resolves once the log has such an event that it had not before. */
async function untilLogged(event: string, since: number, words = /./): Promise<void> {
  await new Promise<void>((resolve) => {
    const look = (): void => {
      const found = lines
        .slice(since)
        .find((line) => line.includes(`"event":"${event}"`) && words.test(line));
      if (found === undefined) return;
      hearers.delete(look);
      resolve();
    };
    hearers.add(look);
    look();
  });
}

async function readiness(): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${node.urls.operate}/readyz`);
  return { status: answer.status, text: await answer.text() };
}

/** Enrols a patient of their own for a run of the node. */
async function enrolPatient(): Promise<void> {
  const { file: network } = await node.ready;
  const agent = httpAgent(`${node.urls.agents}/hospital`);
  const at = { network, agent, log: 'care/hospital', device: memoryDevice() };
  patient = await openParty({ ...ports, ...at, seed: ports.random(32) });
  await enrol(patient, { role: 'patient', organisation: 'hospital' });
  await commitEpochs(patient, 2);
}

async function addAndRead(): Promise<void> {
  await fetchReceipt(patient, await addTo(patient, new Uint8Array(100).fill(7)));
  const { handle } = await readPatientState(patient);
  await readChart(patient, { handle, purpose: 'PATRQT' });
}

describe('a node whose keys are in a token of SoftHSM', { skip: lack ?? false }, () => {
  before(async () => {
    root = await scratchFolder();
    soft = await makeSoftToken(join(root, 'soft'));
    const create = { demo: false, hosts: ['hospital', 'laboratory', 'insurer'] };
    const token = openSoftToken();
    const folder = await openNodeFolder(join(root, 'network'), { ports, create, token });
    await foundAlone(folder, ports);
    await folder.close();
    node = await start();
    await enrolPatient();
  });
  after(async () => {
    await node.stop();
    await rm(root, { recursive: true });
  });

  it('founds a network, enrols, takes records, shows them, and checkpoints its log', async () => {
    await addAndRead();
    assert.equal((await readiness()).status, 200);
  });

  it('signs each digest so that the curve gives back its address', async () => {
    const token = openSoftToken();
    const key = token.key(await token.take('hospital', 'another'));
    for (let count = 0; count < 300; count++) {
      const digest = ports.random(32);
      assert.equal(recoverAddress(ports.primitives, digest, key.sign(digest)), key.address);
    }
    await token.close();
  });

  it('says TOKEN_ABSENT and is not ready while the token is away, and goes on once it is back', async () => {
    const since = lines.length;
    await soft.leave();
    await untilLogged('token does not sign', since);
    const { status, text } = await readiness();
    assert.equal(status, 503);
    assert.match(text, /its PKCS#11 token trial, without which it signs nothing: TOKEN_ABSENT/);
    // Its coordinators confirm nothing that a client has to know first.
    await assert.rejects(addTo(patient, new Uint8Array(90)), failsWith('VERDICTS_MISSING'));
    await soft.comeBack();
    await untilLogged('token signs', since);
    await addAndRead();
    assert.equal((await readiness()).status, 200);
  });

  it('signs again after a restart, with the keys that its network names', async () => {
    await node.stop();
    const since = lines.length;
    // Without its token it waits for it, and then opens.
    await soft.leave();
    node = await start();
    await untilLogged('token does not sign', since);
    assert.match((await readiness()).text, /TOKEN_ABSENT/);
    await soft.comeBack();
    await enrolPatient();
    await addAndRead();
  });

  it('does not sign with a token of the same name that lacks its keys', async () => {
    const since = lines.length;
    await soft.replace();
    const missing: ErrorCode = 'TOKEN_KEY_ABSENT';
    await untilLogged('token does not sign', since, new RegExp(missing));
    assert.match((await readiness()).text, new RegExp(missing));
    // Nobody makes the keys again there: the network names those of before.
    const token = openSoftToken();
    await token.look();
    assert.equal(token.fault, undefined);
    await token.close();
    assert.match((await readiness()).text, new RegExp(missing));
  });

  it('makes later keys in the token too, which a successor of the network file can name', async () => {
    await node.stop();
    const token = openSoftToken();
    const folder = await openNodeFolder(join(root, 'network'), { ports, token });
    const [home = assert.fail()] = folder.homes;
    const held = { ...ports, token: { organisation: home.organisation, keys: token } };
    const { address } = await makeLaterKeys(home.folder.files, held, true);
    const { seats, senders, tls } = await readLaterKeys(home.folder.files, held);
    assert.deepEqual([seats[0]?.address, senders.length, tls.length], [address, 1, 1]);
    const digest = ports.random(32);
    for (const { signingKey, address: own } of [...seats, ...senders]) {
      assert.ok('sign' in signingKey);
      assert.equal(recoverAddress(ports.primitives, digest, signingKey.sign(digest)), own);
    }
    assert.notEqual(bytesToHex(tls[0] ?? digest), bytesToHex(digest));
    await folder.close();
  });

  it('never writes its PIN into its log, nor a key into its folder', async () => {
    assert.doesNotMatch(lines.join(''), /moon|1234/);
  });
});
