import assert from 'node:assert/strict';
import { execFile, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { fetchReceipt } from '../../src/client/audit/fetchReceipt.ts';
import { httpAgent } from '../../src/client/agent/httpAgent.ts';
import { commitEpochs } from '../../src/client/epochs/commitEpochs.ts';
import { enrol } from '../../src/client/party/enrol.ts';
import type { Party } from '../../src/client/party/Party.ts';
import { addRecord } from '../../src/client/records/addRecord.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import { playSharing } from '../../src/cli/test/playSharing.ts';
import { temporaryFolder } from '../../src/cli/test/runMedseal.ts';
import { utf8ToBytes } from '../../src/crypto/bytes.ts';
import { engineMissing } from '../../src/ledger/test/startEngines.ts';
import { machinePorts } from '../../src/folder/NodePorts.ts';
import { readAuthorityKeys } from '../../src/node/founding/readAuthorityKeys.ts';
import { parseNetworkFile } from '../../src/protocol/network/parseNetworkFile.ts';
import type { NetworkFile } from '../../src/protocol/network/NetworkFile.ts';
import type { CastMember } from '../../demo/scenario/Cast.ts';
import { playCare } from '../../demo/scenario/test/playCare.ts';
import type { ChangedConsortium } from './changeConsortium.ts';
import { readFounders } from './foundConsortium.ts';
import type { OrganisationReady } from './startOrganisation.ts';
import { openVisitor } from './test/openVisitor.ts';

/** Four organisations that hold their ledger together, each with a node and a validator in processes of their own. */

const RUN = join(import.meta.dirname, 'runConsortium.ts');
const ends: (() => unknown)[] = [];
const suite = { after: (end: () => unknown) => void ends.push(end) };
let folder: string;
let running: ChildProcessWithoutNullStreams;
let organisations: readonly OrganisationReady[];
let network: NetworkFile;
let patient: Party;
/** Lines that the command says beside its one line of JSON. */
let said = '';

async function start(): Promise<void> {
  running = spawn(process.execPath, [
    RUN,
    '--orgs',
    '4',
    '--data',
    folder,
    '--delay',
    '20',
    '--json',
  ]);
  running.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(running.stdout).once('line', resolve);
    running.once('close', () => reject(new Error(`it ended early: ${said}`)));
  });
  ({ organisations } = JSON.parse(line) as { organisations: readonly OrganisationReady[] });
}

async function stop(): Promise<number | null> {
  const { exitCode } = running;
  if (exitCode !== null) return exitCode;
  const ended = new Promise<number | null>((resolve) => running.once('close', resolve));
  running.kill('SIGINT');
  return await ended;
}

/** Resolves once the command has said it. */
async function hear(what: RegExp): Promise<void> {
  while (!what.test(said)) {
    await new Promise((resolve) => running.stderr.once('data', resolve));
  }
}

function at(place: number): OrganisationReady {
  const found = organisations[place];
  assert.ok(found !== undefined);
  return found;
}

async function visitor(place: number): Promise<Party> {
  return await openVisitor(network, at(place));
}

async function actor(role: CastMember['role'], place: number): Promise<CastMember> {
  const { organisation } = at(place);
  return { name: role, role, organisation, party: await visitor(place), fresh: true };
}

async function addAndProve(text: string): Promise<void> {
  const { handle } = await readPatientState(patient);
  const content = utf8ToBytes(text);
  const record = { handle, category: 'other', content, purpose: 'PATRQT' } as const;
  const { acknowledgement } = await addRecord(patient, record);
  await fetchReceipt(patient, acknowledgement);
}

describe('npm run consortium', { skip: engineMissing ?? false }, () => {
  before(async () => {
    folder = await temporaryFolder(suite);
  });
  after(async () => {
    await stop();
    for (const end of ends.toReversed()) await end();
  });

  it('founds four organisations, and starts a node and a validator of each', async () => {
    await start();
    assert.equal(organisations.length, 4);
    assert.equal(new Set(organisations.flatMap((each) => [each.node, each.validator])).size, 8);
    const files = await Promise.all(
      organisations.map(async ({ data }) => await readFile(join(data, 'network.json'), 'utf8')),
    );
    assert.equal(new Set(files).size, 1);
    network = parseNetworkFile(JSON.parse(files[0] ?? ''));
    assert.match(network.ledger.chain ?? '', /^medseal-/);
    assert.equal(network.channels[0]?.release?.shares.length, 4);
    for (const { urls } of organisations) {
      assert.equal((await fetch(`${urls.operate}/readyz`)).status, 200);
    }
  });

  it('has each validator tell Prometheus of its consensus, on this machine alone', async () => {
    for (const { metrics } of Object.values(await readFounders(folder))) {
      const answer = await fetch(`http://127.0.0.1:${metrics}/metrics`);
      const [, height] =
        /^cometbft_consensus_height{[^}]*} (\d+)$/m.exec(await answer.text()) ?? [];
      assert.ok(Number(height) > 0, height);
    }
  });

  it('plays the papers’ scenario, each party at another organisation', async () => {
    const played = {
      patient: await actor('patient', 0),
      doctor: await actor('doctor', 1),
      specialist: await actor('doctor', 2),
    };
    await playSharing(played, 'four validators');
  });

  it('plays care with the claim’s payment, those who have to do with each other at different organisations', async () => {
    const cast = {
      patient: await actor('patient', 0),
      doctor: await actor('doctor', 0),
      specialist: await actor('doctor', 1),
      pharmacies: [await actor('pharmacist', 2), await actor('pharmacist', 3)],
      laboratory: await actor('lab', 2),
      child: await actor('patient', 3),
      registrar: await actor('registrar', 2),
      insurers: [await actor('insurer', 3), await actor('insurer', 1)],
      verifiers: [await actor('verifier', 2), await actor('verifier', 3)],
    } as const;
    // As the operator of the insurer's organisation does with `medseal unit issue`: with that organisation's folder alone.
    const { primitives } = await machinePorts();
    await playCare(cast, await readAuthorityKeys(join(at(3).data, 'authority'), primitives));
  });

  it('goes on while a validator is away, and its node starts it again', async () => {
    patient = await visitor(3);
    await enrol(patient, { role: 'patient', organisation: at(3).organisation });
    await commitEpochs(patient, 2);
    const { organisation, validator } = at(1);
    process.kill(validator, 'SIGKILL');
    await addAndProve('while a validator was away');
    await hear(new RegExp(`The validator of ${organisation} \\(${validator}\\) ended: SIGKILL`));
    await hear(new RegExp(`The validator of ${organisation} runs: (?!${validator}\\.)\\d+\\.`));
  });

  it('says when a node ends', async () => {
    const { organisation, node } = at(2);
    process.kill(node, 'SIGKILL');
    await hear(new RegExp(`The node of ${organisation} \\(${node}\\) ended: SIGKILL`));
    await addAndProve('while a node was away');
  });

  it('stops in order, and goes on from the same folder', async () => {
    await stop();
    const before = network;
    await start();
    const file = await readFile(join(at(0).data, 'network.json'), 'utf8');
    assert.deepEqual(JSON.parse(file), before);
    const { organisation, urls } = at(3);
    patient = { ...patient, agent: httpAgent(`${urls.agents}/${organisation}`) };
    await addAndProve('after a night');
    assert.equal(await stop(), 0, said);
    for (const { validator, node } of organisations) {
      for (const pid of [validator, node]) assert.throws(() => process.kill(pid, 0));
    }
  });

  it('has a fifth organisation join, which gets a share of the release key and begins with a snapshot', async () => {
    await start();
    const args = [RUN, 'join', '--organisation', 'clinic', '--data', folder, '--json'];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const { urls } = JSON.parse(stdout) as ChangedConsortium;
    const newest = await httpAgent(`${urls['clinic']?.agents}/clinic`).network();
    const shares = newest.channels[0]?.release?.shares ?? [];
    assert.deepEqual(shares.map(({ organisation }) => organisation).toSorted(), [
      'clinic',
      'hospital',
      'insurer',
      'laboratory',
      'pharmacy',
    ]);
    const answer = await fetch(`${urls['clinic']?.operate}/readyz`);
    assert.equal(answer.status, 200);
    const log = await readFile(join(folder, 'clinic.log'), 'utf8');
    assert.match(log, /validator begins with a snapshot/);
    // Its node reads all events of before at the others.
    assert.match(log, /older blocks are read at other organisations/);
    assert.equal(await stop(), 0, said);
  });

  it('has its node read older blocks at the others again, once its index is gone', async () => {
    await rm(join(folder, 'clinic/node/ledger/index'), { recursive: true });
    const log = async (): Promise<string> => await readFile(join(folder, 'clinic.log'), 'utf8');
    const before = (await log()).length;
    await start();
    assert.match((await log()).slice(before), /older blocks are read at other organisations/);
    const { urls } = organisations.find((each) => each.organisation === 'clinic') ?? assert.fail();
    assert.equal((await fetch(`${urls.operate}/readyz`)).status, 200);
    assert.equal(await stop(), 0, said);
  });
});
