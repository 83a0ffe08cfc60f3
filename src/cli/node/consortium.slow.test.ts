import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { addRecord } from '../../client/records/addRecord.ts';
import { commitEpochs } from '../../client/epochs/commitEpochs.ts';
import { enrol } from '../../client/party/enrol.ts';
import { fetchReceipt } from '../../client/audit/fetchReceipt.ts';
import { httpAgent } from '../../client/agent/httpAgent.ts';
import { memoryDevice } from '../../client/party/memoryDevice.ts';
import { openParty, type Party } from '../../client/party/Party.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import { readChart } from '../../client/records/readChart.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { Role } from '../../protocol/vocabulary.ts';
import type { CastMember } from '../../../demo/scenario/Cast.ts';
import { runProgram } from '../runProgram.ts';
import { playSharing } from '../test/playSharing.ts';
import { captureStreams } from '../test/captureStreams.ts';
import { temporaryFolder } from '../test/runMedseal.ts';
import { startNode, type RunningUp } from '../test/startNode.ts';
import { freePorts } from '../../../scripts/freePorts.ts';

/** Output of a verification. */
interface Verified {
  readonly findings: readonly { readonly what: string; readonly safe: boolean }[];
  readonly unchecked: readonly string[];
}

/** A consortium of three processes, founded by files, that is killed and comes back. */

const ORGANISATIONS = ['hospital', 'laboratory', 'insurer'] as const;
const ports = await machinePorts();
const ends: (() => unknown)[] = [];
const suite = { after: (end: () => unknown) => void ends.push(end) };
const doors = new Map<Organisation, { port: number; peerPort: number }>();
const nodes = new Map<Organisation, RunningUp>();
let root: string;
let network: NetworkFile;

before(async () => {
  root = await temporaryFolder(suite);
  await mkdir(`${root}/exchange`);
  for (const name of ORGANISATIONS) {
    const [port = 0, peerPort = 0] = await freePorts(2);
    doors.set(name, { port, peerPort });
  }
});
after(async () => {
  for (const end of ends.toReversed()) await end();
});

async function medseal(...args: readonly string[]): Promise<Record<string, unknown>> {
  const streams = captureStreams();
  const code = await runProgram([...args, '--json'], streams);
  const said = JSON.parse(streams.out().toString()) as Record<string, unknown>;
  assert.equal(code, 0, JSON.stringify(said));
  return said;
}

async function start(name: Organisation): Promise<RunningUp> {
  const { port, peerPort } = door(name);
  const settings = [`listen.port=${port}`, `peers.port=${peerPort}`];
  const node = await startNode(
    suite,
    `${root}/${name}`,
    ...settings.flatMap((each) => ['--set', each]),
  );
  nodes.set(name, node);
  return node;
}

function door(name: Organisation): { port: number; peerPort: number } {
  const found = doors.get(name);
  assert.ok(found !== undefined);
  return found;
}

/** Addresses as a command line takes them. */
function at(...names: readonly Organisation[]): readonly string[] {
  return names.map((name) => `${name}=http://127.0.0.1:${door(name).port}`);
}

/** An address as the first of several is given. */
function nameless(named: string): string {
  return named.replace(/^[a-z]+=/, '');
}

async function kill(name: Organisation): Promise<void> {
  await nodes.get(name)?.stop('SIGKILL');
}

async function visitor(organisation: Organisation): Promise<Party> {
  return await openParty({
    ...ports,
    seed: ports.random(32),
    network,
    agent: httpAgent(`http://127.0.0.1:${door(organisation).port}/${organisation}`),
    log: `care/${organisation}`,
    device: memoryDevice(),
  });
}

/** Two of three members of the authority approve the party beforehand; its own organisation's drafts. */
async function approved(party: Party, role: Role, organisation: Organisation): Promise<void> {
  for (const member of [organisation, 'insurer']) {
    const what = ['--role', role, '--at', organisation, '--data', `${root}/${member}`, '--yes'];
    await medseal('party', 'approve', party.address, ...what);
  }
}

async function patientAt(organisation: Organisation): Promise<Party> {
  const patient = await visitor(organisation);
  await approved(patient, 'patient', organisation);
  await enrol(patient, { role: 'patient', organisation });
  await commitEpochs(patient, 2);
  return patient;
}

async function add(patient: Party, text: string): Promise<Acknowledgement> {
  const { handle } = await readPatientState(patient);
  const content = utf8ToBytes(text);
  const added = await addRecord(patient, { handle, category: 'other', content, purpose: 'PATRQT' });
  return added.acknowledgement;
}

async function entriesOf(patient: Party): Promise<string[]> {
  const { handle } = await readPatientState(patient);
  const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
  return chart.records.map(({ acknowledgement }) => acknowledgement.entry).toSorted();
}

async function actor(role: CastMember['role']): Promise<CastMember> {
  const party = await visitor('hospital');
  await approved(party, role, 'hospital');
  return { name: role, role, organisation: 'hospital', party, fresh: true };
}

/** Adds records until the node is killed at a moment of its own; gives what was acknowledged. */
async function addUntilKilled(patient: Party, name: Organisation): Promise<string[]> {
  const acknowledged: string[] = [];
  const enough = Promise.withResolvers<void>();
  const killed = enough.promise.then(async () => await kill(name));
  for (let number = 0; ; number++) {
    try {
      acknowledged.push((await add(patient, `record ${number}`)).entry);
      if (acknowledged.length === 5) enough.resolve();
    } catch {
      enough.resolve();
      break;
    }
  }
  await killed;
  return acknowledged;
}

describe('three organisations in three processes', () => {
  it('found their network by files, and agree on its fingerprint', async () => {
    for (const name of ORGANISATIONS) {
      const { peerPort } = door(name);
      const where = ['--data', `${root}/${name}`, '--exchange', `${root}/exchange`];
      const url = `https://127.0.0.1:${peerPort}`;
      await medseal('init', '--organisation', name, '--url', url, '--plain-keys', ...where);
    }
    const fingerprints = new Set<unknown>();
    for (const name of ORGANISATIONS) {
      const where = ['--data', `${root}/${name}`, '--exchange', `${root}/exchange`];
      const found = name === 'hospital' ? ['--found'] : [];
      const { terms } = await medseal('init', ...found, ...where, '--yes');
      fingerprints.add(terms);
      await medseal('up', '--check', '--data', `${root}/${name}`);
    }
    assert.equal(fingerprints.size, 1);
  });

  it('start in any order, and wait for each other', async () => {
    const started = await Promise.all(ORGANISATIONS.map(start));
    assert.equal(new Set(started.map(({ ready }) => ready.fingerprint)).size, 1);
    for (const { ready } of started) {
      const state = await fetch(`${ready.urls.operate}/readyz`);
      assert.equal(state.status, 200);
    }
    network = await httpAgent(`http://127.0.0.1:${door('hospital').port}/hospital`).network();
    assert.equal(network.demo, false);
    assert.equal(network.channels[0]?.release?.shares.length, 3);
  });

  it('enrol nobody whom the authority did not approve', async () => {
    const stranger = await visitor('hospital');
    const early = enrol(stranger, { role: 'doctor', organisation: 'hospital' });
    await assert.rejects(early, failsWith('NOT_YET'));
    const { waiting } = (await medseal('party', 'waiting', '--data', `${root}/hospital`)) as {
      waiting: readonly { party: string }[];
    };
    assert.deepEqual(
      waiting.map(({ party }) => party),
      [stranger.address],
    );
    await approved(stranger, 'doctor', 'hospital');
    await enrol(stranger, { role: 'doctor', organisation: 'hospital' });
  });

  it('play the papers’ scenario', async () => {
    const cast = {
      patient: await actor('patient'),
      doctor: await actor('doctor'),
      specialist: await actor('doctor'),
    };
    await playSharing(cast, 'three processes');
  });

  it('are found by a device at the address of each: it plays the scenario there, and verifies every log and receipt', async () => {
    const device = ['--home', `${root}/device`];
    const passphrase = `${root}/passphrase.txt`;
    await writeFile(passphrase, 'five random words are good\n', { mode: 0o600 });
    const secret = [...device, '--passphrase-file', passphrase];
    await medseal(
      'join',
      ...at('hospital').map(nameless),
      ...at(...ORGANISATIONS.filter((name) => name !== 'hospital')),
      '--network',
      `${root}/hospital/network.json`,
      ...device,
    );
    for (const [name, role] of [
      ['anna', 'patient'],
      ['house', 'doctor'],
      ['wilson', 'doctor'],
    ] as const) {
      const { address } = await medseal('key', 'new', name, ...secret);
      for (const member of ['hospital', 'insurer']) {
        const what = ['--role', role, '--at', 'hospital', '--data', `${root}/${member}`, '--yes'];
        await medseal('party', 'approve', String(address), ...what);
      }
      await medseal(
        'party',
        'apply',
        '--as',
        name,
        '--role',
        role,
        '--at',
        'hospital',
        '--yes',
        ...secret,
      );
    }
    const receipts = `${root}/receipts`;
    const played = await medseal('scenario', '--receipts', receipts, ...secret);
    assert.equal(played['ok'], true);
    const files = (await readdir(receipts)).map((name) => `${receipts}/${name}`);
    const safe = await medseal('verify', '--offline', ...files, ...device);
    assert.equal((safe['findings'] as unknown[]).length, files.length);

    const logs = (await medseal('verify', 'log', ...device)) as unknown as Verified;
    assert.deepEqual(
      logs.findings.map(({ what, safe: good }) => [what, good]),
      ORGANISATIONS.toSorted().map((name) => [`care/${name}`, true]),
    );
    assert.ok(!logs.unchecked.some((what) => what.startsWith('the copy of')), 'all copies agree');
    const pinned = ['--network', `${root}/hospital/network.json`];
    const one = ['verify', 'log', '--log', 'care/hospital', ...pinned];
    const own = (await medseal(
      ...one,
      ...at('hospital').flatMap((each) => ['--url', nameless(each)]),
    )) as unknown as Verified;
    assert.match(
      own.unchecked.join('\n'),
      /the copy of insurer: its node is not at this address; give its address with --url insurer=<url>/,
    );
    const streams = captureStreams();
    const [url = ''] = at('hospital').map(nameless);
    const code = await runProgram(['verify', 'log', ...pinned, '--url', url], streams);
    assert.equal(code, 3);
    assert.match(
      streams.out().toString(),
      /^Not checked:\n(?:.+\n)* {2}- care\/insurer: the node of insurer is not at this address; give its address with --url insurer=<url>$/m,
    );
  });

  it('go on with two, and the third catches up after kill -9', async () => {
    const patient = await patientAt('hospital');
    await add(patient, 'before');
    await kill('laboratory');
    const while2 = await add(patient, 'while one was away');
    await fetchReceipt(patient, while2);
    await start('laboratory');
    // Judged by two of three again, the one that was away among them.
    await kill('insurer');
    await add(patient, 'judged by who came back');
    await start('insurer');
    assert.equal((await entriesOf(patient)).length, 3);
  });

  it('lose nothing that was acknowledged when one is killed under load, not even the founder', async () => {
    for (const name of ['hospital', 'laboratory'] as const) {
      const patient = await patientAt(name);
      const acknowledged = await addUntilKilled(patient, name);
      assert.ok(acknowledged.length >= 5);
      await start(name);
      const last = await add(patient, 'after it came back');
      const entries = await entriesOf(patient);
      for (const entry of [...acknowledged, last.entry]) assert.ok(entries.includes(entry), entry);
      await fetchReceipt(patient, last);
    }
  });

  it('leave others what came last when one is told to end', async () => {
    const patient = await patientAt('laboratory');
    const { entry } = await add(patient, 'just before the end');
    const run = await nodes.get('laboratory')?.stop();
    assert.match(run?.stderr ?? '', /"clean":true,"event":"stopped"/);
    const { agent, log } = await visitor('hospital');
    assert.deepEqual(await entriesOf({ ...patient, agent, log }), [entry]);
    await start('laboratory');
  });

  it('end cleanly when they are told to', async () => {
    for (const name of ORGANISATIONS) {
      const run = await nodes.get(name)?.stop();
      assert.equal(run?.code, 0, run?.stderr);
      assert.match(run.stderr, /"clean":true,"event":"stopped"/);
    }
  });
});
