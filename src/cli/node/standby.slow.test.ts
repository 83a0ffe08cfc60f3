import assert from 'node:assert/strict';
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { after, before, describe, it, type TestContext } from 'node:test';
import { setImmediate as soon } from 'node:timers/promises';
import { freePorts } from '../../../scripts/freePorts.ts';
import { httpAgent } from '../../client/agent/httpAgent.ts';
import { commitEpochs } from '../../client/epochs/commitEpochs.ts';
import { enrol } from '../../client/party/enrol.ts';
import { memoryDevice } from '../../client/party/memoryDevice.ts';
import { openParty, type Party } from '../../client/party/Party.ts';
import { addRecord } from '../../client/records/addRecord.ts';
import { readChart } from '../../client/records/readChart.ts';
import { viewVersions } from '../../client/records/viewVersions.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import {
  startPostgres,
  WITHOUT_POSTGRES,
  type TestPostgres,
} from '../../database/test/startPostgres.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { startFakeS3 } from '../../vault/test/startFakeS3.ts';
import { askMedseal } from '../test/askMedseal.ts';
import { runMedseal, temporaryFolder } from '../test/runMedseal.ts';
import { startNode } from '../test/startNode.ts';
import { WatchedNode } from '../test/WatchedNode.ts';

/**
 * An organisation whose node runs on one of three machines, with stores in PostgreSQL, secrets in a folder that they share
 * and sealed files in S3. An address in front of them goes to the one that took over last.
 */

const MACHINES = ['a', 'b', 'c'] as const;
type Machine = (typeof MACHINES)[number];

/** Seconds. */
const LEASE = 3;
const ports = await machinePorts();
const [seed, device] = [ports.random(32), memoryDevice()];

describe('an organisation with standbys', { skip: WITHOUT_POSTGRES }, () => {
  const ends: (() => unknown)[] = [];
  const suite = { after: (end: () => unknown) => void ends.push(end) };
  const nodes = new Map<Machine, WatchedNode>();
  const doors = new Map<Machine, { port: number; peers: number; operate: number }>();
  const acknowledged: Bytes32[] = [];
  let root: string;
  let server: TestPostgres;
  let network: NetworkFile;
  let writer: Machine = 'a';
  const passing = new Set<Socket>();

  before(async () => {
    server = await startPostgres();
    suite.after(async () => await server.stop());
    const s3 = await startFakeS3();
    suite.after(async () => await s3.stop());
    root = await temporaryFolder(suite);
    await mkdir(`${root}/exchange`);
    await mkdir(`${root}/secrets`, { mode: 0o700 });
    for (const machine of MACHINES) {
      const [port = 0, peers = 0, operate = 0] = await freePorts(3);
      doors.set(machine, { port, peers, operate });
    }
    const [front = 0, hospital = 0] = await freePorts(2);
    await listenInFront(front);
    await found({ laboratory: front, hospital });
    const s3Keys = `${root}/s3`;
    await writeFile(s3Keys, 'aws_access_key_id=a\naws_secret_access_key=b\n', { mode: 0o600 });
    await configure('a', { store: `s3:${s3.url}/sealed`, credentials: s3Keys });
    const set = ['--set', `peers.port=${hospital}`, '--set', 'authority.accepts=everyone'];
    const other = startNode(suite, `${root}/hospital`, ...set);
    const first = up('a');
    await Promise.all([other, first.said('ready')]);
    // A folder is copied once its node knows its stores.
    await first.stop();
    for (const machine of ['b', 'c'] as const) {
      await cp(`${root}/a`, `${root}/${machine}`, { recursive: true });
      await configure(machine, { store: `s3:${s3.url}/sealed`, credentials: s3Keys });
    }
    await up('a').said('ready');
    network = await httpAgent(`${(await other).ready.urls.agents}/hospital`).network();
    const patient = await open();
    await enrol(patient, { role: 'patient', organisation: 'laboratory' });
    await commitEpochs(patient, 2);
    acknowledged.push(await add(patient, 'the first one'));
  });
  after(async () => {
    for (const end of ends.toReversed()) await end();
  });

  function doorOf(machine: Machine): { port: number; peers: number; operate: number } {
    return doors.get(machine) ?? assert.fail(machine);
  }

  function nodeOf(machine: Machine): WatchedNode {
    return nodes.get(machine) ?? assert.fail(`${machine} does not run`);
  }

  /** Stands at the organisation's address, before the machine that is the writer. */
  async function listenInFront(port: number): Promise<void> {
    const front = createServer((incoming) => {
      const onward = connect(doorOf(writer).peers, '127.0.0.1');
      passing.add(incoming);
      incoming.once('close', () => passing.delete(incoming));
      for (const [from, to] of [
        [incoming, onward],
        [onward, incoming],
      ] as const) {
        from.on('error', () => to.destroy());
        from.once('close', () => to.destroy());
        from.pipe(to);
      }
    });
    front.listen(port, '127.0.0.1');
    suite.after(() => front.close());
    await new Promise((resolve) => front.once('listening', resolve));
  }

  async function found(urls: { laboratory: number; hospital: number }): Promise<void> {
    const exchange = ['--exchange', `${root}/exchange`];
    const folders = { hospital: `${root}/hospital`, laboratory: `${root}/a` };
    for (const name of ['hospital', 'laboratory'] as const) {
      const own = ['--organisation', name, '--url', `https://127.0.0.1:${urls[name]}`];
      await askMedseal('init', ...own, '--plain-keys', '--data', folders[name], ...exchange);
    }
    const founder = ['--found', '--data', folders.hospital];
    await askMedseal('init', ...founder, ...exchange, '--yes');
    await askMedseal('init', '--data', folders.laboratory, ...exchange, '--yes');
  }

  async function configure(machine: Machine, vault: object): Promise<void> {
    const { port, peers, operate } = doorOf(machine);
    const password = `${root}/password-${machine}`;
    await cp(server.password, password);
    const settings = {
      listen: { port },
      peers: { port: peers },
      operate: { port: operate },
      ledger: { port: 0 },
      authority: { accepts: 'everyone' },
      database: { url: server.url, password, secrets: `${root}/secrets`, lease: LEASE },
      vault,
    };
    await writeFile(`${root}/${machine}/medseal.json`, JSON.stringify(settings), { mode: 0o600 });
  }

  function up(machine: Machine): WatchedNode {
    const node = new WatchedNode(suite, ['--data', `${root}/${machine}`, '--standby']);
    nodes.set(machine, node);
    return node;
  }

  async function waits(machine: Machine): Promise<void> {
    await nodeOf(machine).said('waiting as standby', { code: 'DATABASE_LOCKED' });
  }

  async function open(): Promise<Party> {
    const agent = httpAgent(`http://127.0.0.1:${doorOf(writer).port}/laboratory`);
    return await openParty({ ...ports, seed, network, agent, log: 'care/laboratory', device });
  }

  /** Resolves once a machine has taken over; the front then goes to it, and leaves the former one at once. */
  async function takenOver(machine: Machine): Promise<Machine> {
    await nodeOf(machine).said('takes over');
    writer = machine;
    for (const each of passing) each.destroy();
    return machine;
  }

  /** Requires everything that was acknowledged to be on the chart, and readable. */
  async function isAllThere(): Promise<void> {
    const patient = await open();
    acknowledged.push(await add(patient, `after ${writer} took over`));
    const { handle } = await readPatientState(patient);
    const wanted = { handle, purpose: 'PATRQT' } as const;
    const { records } = await readChart(patient, wanted);
    const entries = records.map(({ acknowledgement }) => acknowledgement.entry);
    for (const entry of acknowledged) assert.ok(entries.includes(entry), entry);
    const { views } = await viewVersions(patient, wanted, records);
    for (const view of views) assert.ok(!(view instanceof Error));
  }

  async function readyz(machine: Machine): Promise<{ status: number; text: string }> {
    const answer = await fetch(`http://127.0.0.1:${doorOf(machine).operate}/readyz`);
    return { status: answer.status, text: await answer.text() };
  }

  /** Adds records until the node is gone, which it is soon after some were acknowledged. */
  async function addUntilKilled(): Promise<number> {
    const patient = await open();
    const node = nodeOf(writer);
    const load = async (): Promise<void> => {
      for (let number = 0; ; number++) {
        acknowledged.push(await add(patient, `record ${number}`));
        if (number === 3) setImmediate(() => node.signal('SIGKILL'));
      }
    };
    const [, gone] = await Promise.all([
      load().catch(() => undefined),
      node.ended.then(() => performance.now()),
    ]);
    return gone;
  }

  // @attack the writer's machine is lost under load, three times in turn | the standby has all that was acknowledged
  it('goes on at another machine each time that the writer is killed, with all that was acknowledged', async (t: TestContext) => {
    up('b');
    await waits('b');
    for (const [former, next] of [
      ['a', 'b'],
      ['b', 'a'],
      ['a', 'b'],
    ] as const) {
      const taking = takenOver(next).then(() => performance.now());
      const gone = await addUntilKilled();
      const lead = (await taking) - gone;
      await nodeOf(next).said('ready');
      const ready = performance.now() - gone;
      t.diagnostic(`${next}: lease after ${Math.round(lead)} ms, ready after ${Math.round(ready)}`);
      assert.ok(lead < 5000, `${lead} ms`);
      up(former);
      await Promise.all([isAllThere(), waits(former)]);
    }
    const [organisation = ''] = await readdir(`${root}/secrets`);
    assert.equal((await readdir(`${root}/secrets/${organisation}`)).length, 1);
  });

  it('says of a standby that it waits, at the door of its operator and to all others', async () => {
    const { status, text } = await readyz('a');
    assert.equal(status, 503);
    assert.match(text, /"ready":false,"waitingFor":\["standby: another node/);
    const { operate, port } = doorOf('a');
    assert.equal((await fetch(`http://127.0.0.1:${operate}/healthz`)).status, 200);
    const asked = await fetch(`http://127.0.0.1:${port}/laboratory/network`);
    assert.equal(asked.status, 503);
    assert.equal(asked.headers.get('retry-after'), '1');
    assert.match(await asked.text(), /CLOSED/);
  });

  // @attack a writer stands still longer than its lease, another takes over, and it wakes | it writes nothing and ends
  it('goes on at another machine if the writer stands still, which writes nothing when it wakes', async () => {
    const stopped = nodeOf('b');
    const pending = open().then(async (patient) => {
      stopped.signal('SIGSTOP');
      return await add(patient, 'to a writer that stands still');
    });
    const refused = assert.rejects(pending);
    await takenOver('a');
    await nodeOf('a').said('ready');
    await isAllThere();
    const late = fetch(`http://127.0.0.1:${doorOf('b').port}/laboratory/network`).then(
      ({ status }) => status,
      () => 'no answer',
    );
    stopped.signal('SIGCONT');
    assert.ok([503, 'no answer'].includes(await late), 'it answers nobody any more');
    const { code, stderr, stdout } = await stopped.ended;
    await refused;
    assert.notEqual(code, 0);
    assert.match(stderr, /"code":"LEASE_LOST"/);
    assert.match(stdout + stderr, /lost its lease on the stores/);
    await isAllThere();
  });

  it('has one writer of two standbys, and lets the other one end while it waits', async () => {
    up('b');
    up('c');
    await Promise.all([waits('b'), waits('c')]);
    const killed = nodeOf('a').stop('SIGKILL');
    const first = await Promise.race([takenOver('b'), takenOver('c')]);
    writer = first;
    await killed;
    await nodeOf(first).said('ready');
    const other = first === 'b' ? 'c' : 'b';
    assert.match((await readyz(other)).text, /standby: another node/);
    const { code, stderr } = await nodeOf(other).stop();
    assert.equal(code, 0, stderr);
    assert.match(stderr, /"clean":true,"event":"stopped"/);
  });

  it('goes on waiting while the server cannot be reached, and ends at once if it never could', async () => {
    await isAllThere();
    const other = 'a';
    const node = up(other);
    await waits(other);
    const password = `${root}/password-${other}`;
    await writeFile(password, 'a wrong one', { mode: 0o600 });
    const since = node.lines;
    const ask = `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE '%pg_try_advisory_lock%' AND pid <> pg_backend_pid()`;
    while (server.sql(ask).trim() === '0') await soon();
    await node.said('waiting as standby', { code: 'DATABASE_UNREACHABLE' }, since);
    assert.match((await readyz(other)).text, /standby: the database does not answer/);
    const again = node.lines;
    await cp(server.password, password);
    await node.said('waiting as standby', { code: 'DATABASE_LOCKED' }, again);
    await node.stop();
    await writeFile(password, 'a wrong one', { mode: 0o600 });
    const { code, stderr, stdout } = await up(other).ended;
    assert.notEqual(code, 0);
    assert.match(stderr + stdout, /DATABASE_UNREACHABLE/);
    await cp(server.password, password);
  });

  it('is refused at a machine whose folder has what no other one can reach', async () => {
    const run = await runMedseal(
      'up',
      '--data',
      `${root}/a`,
      '--standby',
      '--json',
      '--set',
      'vault.store=folder',
    );
    assert.notEqual(run.code, 0);
    assert.match(run.stdout, /STANDBY_REFUSED/);
  });

  // @attack the writer is killed after it enrolled a patient and before it answered | the standby gives the same ID
  it('gives a patient whose answer was lost with the writer the same chart', async () => {
    const given = { seed: ports.random(32), device: memoryDevice() };
    const as = { role: 'patient', organisation: 'laboratory' } as const;
    const at = (): AgentPort => httpAgent(`http://127.0.0.1:${doorOf(writer).port}/laboratory`);
    const enrolBy = async (agent: AgentPort): ReturnType<typeof enrol> =>
      await enrol(
        await openParty({ ...ports, ...given, network, agent, log: 'care/laboratory' }),
        as,
      );
    const agent = at();
    const lost: string[] = [];
    const apply: AgentPort['apply'] = async (application) => {
      lost.push((await agent.apply(application)).enrolment.handle);
      throw new MedsealError('PEER_UNREACHABLE', { peer: 'laboratory' });
    };
    await assert.rejects(enrolBy({ ...agent, apply }), failsWith('PEER_UNREACHABLE'));
    const [former, next] = [writer, 'a'] as const;
    up(next);
    await waits(next);
    const taking = takenOver(next);
    await nodeOf(former).stop('SIGKILL');
    await taking;
    await nodeOf(next).said('ready');
    assert.deepEqual([(await enrolBy(at())).enrolment.handle], lost);
  });
});

async function add(patient: Party, text: string): Promise<Bytes32> {
  const { handle } = await readPatientState(patient);
  const record = { handle, content: utf8ToBytes(text), purpose: 'PATRQT' } as const;
  return (await addRecord(patient, { ...record, category: 'other' })).acknowledgement.entry;
}
