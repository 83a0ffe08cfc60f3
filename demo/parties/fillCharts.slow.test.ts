import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Audit } from '../../src/client/audit/Audit.ts';
import { readAsked } from '../../src/client/letters/accessRequests.ts';
import { checkInbox } from '../../src/client/care/inbox/checkInbox.ts';
import type { Party } from '../../src/client/party/Party.ts';
import { rightFor } from '../../src/client/party/knownRights.ts';
import { readChart } from '../../src/client/records/readChart.ts';
import { readRecords } from '../../src/client/records/readRecords.ts';
import { restorePatient } from '../../src/client/state/restorePatient.ts';
import { readAudit } from '../../src/client/audit/readAudit.ts';
import { listGrants } from '../../src/client/rights/listGrants.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import { readAccount } from '../../src/client/care/units/readUnits.ts';
import { readKeystore } from '../../src/device/keystore.ts';
import { readAuthorityKeys } from '../../src/node/founding/readAuthorityKeys.ts';
import { openNetwork, type RunningNetwork } from '../../src/node/openNetwork.ts';
import type { AgentPort } from '../../src/protocol/AgentPort.ts';
import type { View, Write } from '../../src/protocol/struct/requests.ts';
import { enrolDemoParties, openDemoParty, DEMO_PARTIES } from './demoParties.ts';
import { temporaryFolder } from '../../src/cli/test/runMedseal.ts';
import { demoPeople } from './demoPeople.ts';
import { fillCharts } from './fillCharts.ts';
import { giveDemoUnits } from './giveDemoUnits.ts';

/** Calls to the agents after which the process dies: in a grant, between two records, in a view. */
const DEATHS = [9, 70, 90, 60];

const ends: (() => unknown)[] = [];
let keystore: string;
let folder: string;
let network: RunningNetwork;
let deaths = 0;

before(async () => {
  folder = await temporaryFolder({ after: (end) => void ends.push(end) });
  keystore = `${folder}/parties`;
  network = await openNetwork({ folder, demo: true });
  ends.push(async () => await network.close());
  await enrolDemoParties(network, keystore);
  for (const calls of DEATHS) {
    await fillCharts(dyingAfter(calls), keystore).catch(() => (deaths += 1));
  }
  await fillCharts(network, keystore);
  await network.handOver();
});

after(async () => {
  for (const end of ends.toReversed()) await end();
});

/** The network as a process sees it that dies after so many calls to its agents. */
function dyingAfter(calls: number): RunningNetwork {
  let left = calls;
  const dying = (agent: AgentPort): AgentPort =>
    new Proxy(agent, {
      get: (target, name) => {
        const method = Reflect.get(target, name) as (...values: unknown[]) => unknown;
        return async (...values: unknown[]) => {
          left -= 1;
          if (left < 0) throw new Error('the process died');
          return await method.apply(target, values);
        };
      },
    });
  const agents = new Map([...network.agents].map(([name, agent]) => [name, dying(agent)]));
  return { ...network, agents };
}

async function open(name: string): Promise<Party> {
  const key = (await readKeystore(keystore, network.file)).find((each) => each.name === name);
  assert.ok(key);
  return await openDemoParty(network, keystore, key);
}

/** A request that an audit shows, and whether it was accepted (`A`) or refused (`R`). */
interface Shown<Message> {
  readonly by: string;
  readonly flag: string;
  readonly message: Message;
}

/** All requests of one kind that an audit shows. */
function requestsIn(audit: Audit, type: 'View'): readonly Shown<View>[];
function requestsIn(audit: Audit, type: 'Write'): readonly Shown<Write>[];
function requestsIn({ logs }: Audit, type: 'View' | 'Write'): readonly Shown<unknown>[] {
  return logs
    .flatMap(({ events }) => events)
    .flatMap(({ body }) => (body?.request.type === type ? [body] : []))
    .map(({ request: { party: by, message }, flag }) => ({ by, flag, message }));
}

async function entries(): Promise<number> {
  let count = 0;
  for (const { name, organisation } of network.file.channels.flatMap(({ logs }) => logs)) {
    count += (await network.agents.get(organisation)?.checkpoint(name))?.size ?? 0;
  }
  return count;
}

describe('the charts of a demonstration', () => {
  it('are filled once, however often the process that fills them dies', async () => {
    assert.equal(deaths, DEATHS.length);
    for (const name of ['patient', 'patient-2']) {
      const writes = requestsIn(await readAudit(await open(name)), 'Write');
      const added = writes.filter(({ flag }) => flag === 'A');
      const byDoctor = added.filter(({ message }) => message.log === 'care/hospital');
      // Two bundles by category and a letter in two records; the first patient adds three documents in two records
      // each, and the doctor amends one.
      assert.equal(byDoctor.length, name === 'patient' ? 27 : 20, name);
      assert.equal(added.length - byDoctor.length, 4, `${name}: results and reports, twice`);
      const versions = added.map(({ message }) => `${message.record} ${message.version}`);
      assert.equal(new Set(versions).size, added.length);
      const amended = added.filter(({ message }) => message.version > 1);
      assert.equal(amended.length, name === 'patient' ? 1 : 0);
      assert.equal(writes.length, added.length);
    }
  });

  it('are not touched by another start', async () => {
    const before = await entries();
    let begun = false;
    await fillCharts(network, keystore, async () => {
      begun = true;
      await Promise.resolve();
    });
    assert.equal(begun, false);
    assert.equal(await entries(), before);
  });

  it('show the patient who wrote, who looked and who was refused', async () => {
    const [patient, other] = [await open('patient'), await open('patient-2')];
    const audit = await readAudit(patient);
    const views = requestsIn(audit, 'View');
    for (const name of ['doctor', 'pharmacist', 'insurer', 'researcher']) {
      const { address } = await open(name);
      assert.ok(
        views.some(({ by, flag }) => by === address && flag === 'A'),
        name,
      );
    }
    const researcher = await open('researcher');
    assert.ok(views.some(({ by, flag }) => by === researcher.address && flag === 'R'));
    const specialist = await open('doctor-2');
    const refused = requestsIn(await readAudit(other), 'View').filter(({ flag }) => flag === 'R');
    assert.ok(refused.length > 0 && refused.every(({ by }) => by === specialist.address));
  });

  it('are shared with five people, and no longer with the one whose right was ended', async () => {
    const names = new Map<string, string>();
    for (const { name } of DEMO_PARTIES) names.set((await open(name)).address, name);
    const patient = await open('patient');
    const holding = (await listGrants(patient)).map(({ grant, state }) => {
      assert.equal(state, 'holds');
      return names.get(grant?.terms.grantee ?? '') ?? '';
    });
    assert.deepEqual(
      new Set(holding),
      new Set(['doctor', 'doctor-2', 'insurer', 'lab', 'pharmacist']),
    );
    const { grants } = await readPatientState(patient);
    assert.equal(grants.length, 6, 'no right was given twice');
  });

  it('leave a request that waits for each patient', async () => {
    for (const [name, asking] of [
      ['patient', 'insurer'],
      ['patient-2', 'doctor-2'],
    ] as const) {
      const patient = await open(name);
      await checkInbox(patient);
      const asked = await readAsked(patient);
      const { address } = await open(asking);
      assert.deepEqual(
        asked.map(({ request }) => request.party),
        [address],
      );
    }
  });
});

describe('the people of a demonstration', () => {
  it('come with keys and charts', async () => {
    const people = await demoPeople(network.file, keystore);
    assert.deepEqual(
      people.map(({ name, called }) => ({ name, called })),
      DEMO_PARTIES.map(({ name, called }) => ({ name, called })),
    );
    for (const person of people) {
      const party = await open(person.name);
      assert.equal(person.address, party.address);
      assert.equal(person.handle !== undefined, person.role === 'patient');
    }
  });

  it('can be acted as on a device that knows nothing but what is told of them', async () => {
    const people = await demoPeople(network.file, keystore);
    const visitor = async (wanted: string): Promise<Party> => {
      const person = people.find(({ name }) => name === wanted) ?? assert.fail();
      const key = { demo: true, format: 'medseal-key/1', ...person, name: 'visitor' } as const;
      const elsewhere = `${keystore}-of-${wanted}`;
      return await openDemoParty(network, elsewhere, key);
    };
    const doctor = await visitor('doctor');
    await checkInbox(doctor);
    const { handle = '0x' } = people.find(({ name }) => name === 'patient') ?? {};
    const right = await rightFor(doctor, { handle, action: 'read', category: 'laboratory' });
    assert.ok(right?.covers);
    const { grant } = right;
    const chart = await readChart(doctor, { handle, grant, purpose: 'TREAT' });
    const results = chart.records.filter(({ category }) => category === 'laboratory');
    assert.equal(results.length, 2);
    for await (const read of readRecords(doctor, chart, results)) assert.ok('content' in read);
    const patient = await visitor('patient');
    const { state, unknown } = await restorePatient(patient);
    assert.deepEqual([state.handle, unknown], [handle, []]);
  });

  it('are of a demonstration only', async () => {
    await assert.rejects(demoPeople({ demo: false }, keystore), { code: 'KEYSTORE_DEMO' });
  });

  it('have insurers with units to pay claims with, which are issued once', async () => {
    const insurers = [await open('insurer'), await open('insurer-2')];
    const { primitives } = network.ports;
    const seats = await readAuthorityKeys(`${folder}/authority`, primitives);
    for (let times = 0; times < 2; times += 1) {
      await giveDemoUnits(network, keystore, seats);
      for (const insurer of insurers) assert.equal((await readAccount(insurer)).balance, 100_000);
    }
    assert.equal((await readAccount(await open('doctor'))).balance, 0);
  });
});
