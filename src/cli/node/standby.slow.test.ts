import assert from 'node:assert/strict';
import { cp, readdir, writeFile } from 'node:fs/promises';
import { after, before, describe, it, type TestContext } from 'node:test';
import { setImmediate as soon } from 'node:timers/promises';
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
import { runMedseal } from '../test/runMedseal.ts';
import { StandbyMachines } from '../test/StandbyMachines.ts';

const MACHINES = ['a', 'b', 'c'] as const;
type Machine = (typeof MACHINES)[number];

/** Seconds. */
const LEASE = 3;
const ports = await machinePorts();
const [seed, device] = [ports.random(32), memoryDevice()];

describe('an organisation with standbys', { skip: WITHOUT_POSTGRES }, () => {
  const ends: (() => unknown)[] = [];
  const suite = { after: (end: () => unknown) => void ends.push(end) };
  const acknowledged: Bytes32[] = [];
  let server: TestPostgres;
  let network: NetworkFile;
  let machines: StandbyMachines<Machine>;

  before(async () => {
    server = await startPostgres();
    suite.after(async () => await server.stop());
    machines = await StandbyMachines.found(suite, {
      machines: MACHINES,
      database: server,
      lease: LEASE,
    });
    await machines.up('a').said('ready');
    network = await httpAgent(`${machines.hospital.ready.urls.agents}/hospital`).network();
    const patient = await open();
    await enrol(patient, { role: 'patient', organisation: 'laboratory' });
    await commitEpochs(patient, 2);
    acknowledged.push(await add(patient, 'the first one'));
  });
  after(async () => {
    for (const end of ends.toReversed()) await end();
  });

  async function open(): Promise<Party> {
    const agent = httpAgent(machines.agents);
    return await openParty({ ...ports, seed, network, agent, log: 'care/laboratory', device });
  }

  /** Requires everything that was acknowledged to be on the chart, and readable. */
  async function isAllThere(): Promise<void> {
    const patient = await open();
    acknowledged.push(await add(patient, `after ${machines.writer} took over`));
    const { handle } = await readPatientState(patient);
    const wanted = { handle, purpose: 'PATRQT' } as const;
    const { records } = await readChart(patient, wanted);
    const entries = records.map(({ acknowledgement }) => acknowledgement.entry);
    for (const entry of acknowledged) assert.ok(entries.includes(entry), entry);
    const { views } = await viewVersions(patient, wanted, records);
    for (const view of views) assert.ok(!(view instanceof Error));
  }

  async function readyz(machine: Machine): Promise<{ status: number; text: string }> {
    const answer = await fetch(`http://127.0.0.1:${machines.doorOf(machine).operate}/readyz`);
    return { status: answer.status, text: await answer.text() };
  }

  /** Adds records until the node is gone, which it is soon after some were acknowledged. */
  async function addUntilKilled(): Promise<number> {
    const patient = await open();
    const node = machines.nodeOf(machines.writer);
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
    machines.up('b');
    await machines.waits('b');
    for (const [former, next] of [
      ['a', 'b'],
      ['b', 'a'],
      ['a', 'b'],
    ] as const) {
      const taking = machines.takenOver(next).then(() => performance.now());
      const gone = await addUntilKilled();
      const lead = (await taking) - gone;
      await machines.nodeOf(next).said('ready');
      const ready = performance.now() - gone;
      t.diagnostic(`${next}: lease after ${Math.round(lead)} ms, ready after ${Math.round(ready)}`);
      assert.ok(lead < 5000, `${lead} ms`);
      machines.up(former);
      await Promise.all([isAllThere(), machines.waits(former)]);
    }
    const [organisation = ''] = await readdir(`${machines.root}/secrets`);
    assert.equal((await readdir(`${machines.root}/secrets/${organisation}`)).length, 1);
  });

  it('says of a standby that it waits, at the door of its operator and to all others', async () => {
    const { status, text } = await readyz('a');
    assert.equal(status, 503);
    assert.match(text, /"ready":false,"waitingFor":\["standby: another node/);
    const { operate, port } = machines.doorOf('a');
    assert.equal((await fetch(`http://127.0.0.1:${operate}/healthz`)).status, 200);
    const asked = await fetch(`http://127.0.0.1:${port}/laboratory/network`);
    assert.equal(asked.status, 503);
    assert.equal(asked.headers.get('retry-after'), '1');
    assert.match(await asked.text(), /CLOSED/);
  });

  // @attack a writer stands still longer than its lease, another takes over, and it wakes | it writes nothing and ends
  it('goes on at another machine if the writer stands still, which writes nothing when it wakes', async () => {
    const stopped = machines.nodeOf('b');
    const pending = open().then(async (patient) => {
      stopped.signal('SIGSTOP');
      return await add(patient, 'to a writer that stands still');
    });
    const refused = assert.rejects(pending);
    await machines.takenOver('a');
    await machines.nodeOf('a').said('ready');
    await isAllThere();
    const late = fetch(`http://127.0.0.1:${machines.doorOf('b').port}/laboratory/network`).then(
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
    machines.up('b');
    machines.up('c');
    await Promise.all([machines.waits('b'), machines.waits('c')]);
    const killed = machines.nodeOf('a').stop('SIGKILL');
    const first = await Promise.race([machines.takenOver('b'), machines.takenOver('c')]);
    machines.writer = first;
    await killed;
    await machines.nodeOf(first).said('ready');
    const other = first === 'b' ? 'c' : 'b';
    assert.match((await readyz(other)).text, /standby: another node/);
    const { code, stderr } = await machines.nodeOf(other).stop();
    assert.equal(code, 0, stderr);
    assert.match(stderr, /"clean":true,"event":"stopped"/);
  });

  it('goes on waiting while the server cannot be reached, and ends at once if it never could', async () => {
    await isAllThere();
    const other = 'a';
    const node = machines.up(other);
    await machines.waits(other);
    const password = machines.passwordOf(other);
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
    const { code, stderr, stdout } = await machines.up(other).ended;
    assert.notEqual(code, 0);
    assert.match(stderr + stdout, /DATABASE_UNREACHABLE/);
    await cp(server.password, password);
  });

  it('is refused at a machine whose folder has what no other one can reach', async () => {
    const run = await runMedseal(
      'up',
      '--data',
      `${machines.root}/a`,
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
    const at = (): AgentPort => httpAgent(machines.agents);
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
    const [former, next] = [machines.writer, 'a'] as const;
    machines.up(next);
    await machines.waits(next);
    const taking = machines.takenOver(next);
    await machines.nodeOf(former).stop('SIGKILL');
    await taking;
    await machines.nodeOf(next).said('ready');
    assert.deepEqual([(await enrolBy(at())).enrolment.handle], lost);
  });

  it('is backed up at the machine that serves, with the patient IDs that another one issued', async () => {
    const other = machines.writer === 'a' ? 'b' : 'a';
    machines.up(other);
    await machines.waits(other);
    const to = `${machines.root}/backup.tar`;
    const back = async (machine: Machine): ReturnType<typeof runMedseal> =>
      await runMedseal('backup', '--data', `${machines.root}/${machine}`, '--to', to, '--json');
    assert.match((await back(other)).stdout, /BACKUP_FAILED.*ask the machine that serves/);
    const made = await back(machines.writer);
    assert.equal(made.code, 0, made.stdout);
    const restored = `${machines.root}/restored`;
    assert.equal((await runMedseal('restore', to, '--data', restored)).code, 0);
    const [organisation = ''] = await readdir(`${machines.root}/secrets`);
    const shared = `${machines.root}/secrets/${organisation}`;
    const [fence = ''] = await readdir(shared);
    const own = await readdir(`${machines.root}/${machines.writer}/authority/laboratory/issued`);
    const issued = await readdir(`${shared}/${fence}/issued`);
    assert.ok(issued.some((name) => !own.includes(name)));
    const found = await readdir(`${restored}/authority/laboratory/issued`);
    for (const name of issued) assert.ok(found.includes(name), name);
  });
});

async function add(patient: Party, text: string): Promise<Bytes32> {
  const { handle } = await readPatientState(patient);
  const record = { handle, content: utf8ToBytes(text), purpose: 'PATRQT' } as const;
  return (await addRecord(patient, { ...record, category: 'other' })).acknowledgement.entry;
}
