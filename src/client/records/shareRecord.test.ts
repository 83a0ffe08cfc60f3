import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { openBytes } from '../../crypto/sealing/openBytes.ts';
import { collectBytes } from '../../crypto/sealing/collectBytes.ts';
import { bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import { suspend } from '../../node/test/suspend.ts';
import {
  behind,
  everything,
  startTestNetwork,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Handle } from '../../protocol/ids.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { lyingTo } from '../test/lyingTo.ts';
import { addRecord } from './addRecord.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import { grantRight, type GrantGiven } from '../rights/grantRight.ts';
import { listGrants } from '../rights/listGrants.ts';
import type { LoggedVersion } from './logVersion.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState, writePatientState } from '../state/PatientState.ts';
import { readChart, type Chart } from './readChart.ts';
import { readRecord } from './readRecord.ts';
import { refreshPackets } from '../epochs/refreshPackets.ts';
import { revokeRight } from '../rights/revokeRight.ts';
import type { ChartRecord } from './viewChart.ts';

let network: TestNetwork;
let patient: Party;
let specialist: Party;
let handle: Handle;
/** Two records of one category, of which one is shared. */
let shared: LoggedVersion;
let other: LoggedVersion;

before(async () => {
  network = await startTestNetwork();
});
after(async () => await network.close());
beforeEach(async () => {
  patient = await network.party('patient');
  specialist = await network.party('doctor');
  await commitEpochs(patient, 4);
  ({ handle } = await readPatientState(patient));
  shared = await add('the shared one');
  other = await add('another one');
});

async function add(note: string, amends?: LoggedVersion): Promise<LoggedVersion> {
  const content = utf8ToBytes(note);
  const version = { handle, category: 'vitals', content, purpose: 'PATRQT' } as const;
  return await addRecord(patient, { ...version, ...(amends && { amends }) });
}

async function share(): Promise<GrantGiven> {
  return await grantRight(patient, {
    ...everything(specialist),
    categories: ['vitals'],
    record: shared.record,
    actions: ['read'],
  });
}

/** The patient, whose signed requests are counted by their types. */
function counting(types: string[]): Party {
  const { agent } = patient;
  const submit: typeof agent.submit = async (submissions) => {
    types.push(...submissions.map(({ request }) => request.type));
    return await agent.submit(submissions);
  };
  return lyingTo(network, patient, { submit });
}

async function chartFor({ grant }: GrantGiven): Promise<Chart> {
  return await readChart(specialist, { handle, grant, purpose: 'TREAT' });
}

function listedIn(chart: Chart, { record, version }: LoggedVersion): ChartRecord {
  const found = chart.records.find((each) => each.record === record && each.version === version);
  assert.ok(found);
  return found;
}

async function read(chart: Chart, wanted: ChartRecord): Promise<string> {
  return bytesToUtf8((await readRecord(specialist, chart, wanted)).content);
}

describe('one record that is shared alone', () => {
  it('is refused if the chart does not have it in these categories', async () => {
    const right = { ...everything(specialist), actions: ['read'] } as const;
    await assert.rejects(
      grantRight(patient, { ...right, record: word('no record') }),
      failsWith('NOT_FOUND'),
    );
    await assert.rejects(
      grantRight(patient, { ...right, record: shared.record, categories: ['imaging'] }),
      failsWith('NOT_FOUND'),
    );
    assert.deepEqual(await listGrants(patient), []);
  });

  // @peer EHR-APP: who was given one record got all | refused
  it('gives no key of another record, nor lists or releases one', async () => {
    const right = await share();
    const chart = await chartFor(right);
    assert.deepEqual(
      chart.records.map(({ record }) => record),
      [shared.record],
    );
    const own = await readChart(patient, { handle, purpose: 'PATRQT' });
    const unshared = listedIn(own, other);
    assert.throws(() => chart.openerFor(unshared), failsWith('KEY_PENDING'));
    assert.throws(() => chart.identityFor(1, 'vitals'), failsWith('KEY_PENDING'));
    const stolen = { ...chart, openerFor: () => chart.openerFor(listedIn(chart, shared)) };
    await assert.rejects(readRecord(specialist, stolen, unshared), failsWith('RIGHT_MISSING'));
    const sealed = await collectBytes(network.services().contributor.file(unshared.file));
    const key = chart.openerFor(listedIn(chart, shared));
    await assert.rejects(openBytes([key], sealed), failsWith('SEAL_UNREADABLE'));
  });

  it('is not another whose beginning a node puts in its place', async () => {
    const own = await readChart(patient, { handle, purpose: 'PATRQT' });
    const [theirs, ours] = [listedIn(own, other), listedIn(own, shared)];
    const lying = behind(patient, {
      download: (ticket, hash) =>
        hash === ours.file
          ? network.services().contributor.file(theirs.file)
          : patient.agent.download(ticket, hash),
    });
    const right = { ...everything(specialist), actions: ['read'], record: shared.record } as const;
    await assert.rejects(grantRight(lying, right), failsWith('FILE_MISMATCH'));
  });

  // @peer Uzima: after creation nobody could be given the key | a right brings its keys
  it('is read by whoever it is shared with, and by no one after it was withdrawn', async () => {
    const right = await share();
    const chart = await chartFor(right);
    assert.equal(await read(chart, listedIn(chart, shared)), 'the shared one');
    await revokeRight(patient, right.digest);
    await assert.rejects(chartFor(right), failsWith('RIGHT_ENDED'));
    await assert.rejects(read(chart, listedIn(chart, shared)), failsWith('RIGHT_ENDED'));
  });

  it('is read in all its versions once a device of the patient has sealed the keys of new ones', async () => {
    const right = await share();
    const second = await add('the shared one, amended', shared);
    const waiting = await chartFor(right);
    assert.equal(waiting.records.length, 2);
    assert.equal(await read(waiting, listedIn(waiting, shared)), 'the shared one');
    await assert.rejects(read(waiting, listedIn(waiting, second)), failsWith('KEY_PENDING'));
    assert.deepEqual(await refreshPackets(patient), { sealed: 1, pending: [] });
    const chart = await chartFor(right);
    assert.equal(await read(chart, listedIn(chart, second)), 'the shared one, amended');
    assert.deepEqual(await refreshPackets(patient), { sealed: 0, pending: [] });
  });

  it('is opened in all its versions by one view, to be shared', async () => {
    const second = await add('the second version', shared);
    await add('the third version', second);
    const types: string[] = [];
    const given = await grantRight(counting(types), {
      ...everything(specialist),
      categories: ['vitals'],
      record: shared.record,
      actions: ['read'],
    });
    assert.deepEqual(
      types.filter((type) => type.startsWith('View')),
      ['View', 'ViewSet'],
      'of the chart, and of its versions',
    );
    const chart = await chartFor(given);
    assert.equal(chart.records.length, 3);
    for (const record of chart.records) {
      assert.ok((await readRecord(specialist, chart, record)).acknowledgement);
    }
  });

  it('turns no keys when the right to it ends by its date', async () => {
    await share();
    network.clock.advance(3_600_000);
    await refreshPackets(patient);
    assert.equal((await confirmFacts(patient, { handle })).patient?.epoch, 1);
    network.clock.advance(-3_600_000);
  });
});

describe('the list of who may do what', () => {
  it('is empty if nobody may do anything, and is of the patient’s own chart', async () => {
    assert.deepEqual(await listGrants(patient), []);
    await assert.rejects(listGrants(specialist), failsWith('NOT_FOUND'));
  });

  it('has every grant that stands with what it gives, and how it stands', async () => {
    const [doctor, late, gone, brief] = await Promise.all(
      [1, 2, 3, 4].map(async () => await network.party('doctor')),
    );
    assert.ok(doctor && late && gone && brief);
    const now = Math.floor(network.clock.now() / 1000);
    const given = {
      holds: await grantRight(patient, everything(doctor)),
      coming: await grantRight(patient, { ...everything(late), from: now + 600 }),
      suspended: await grantRight(patient, everything(gone)),
      expired: await grantRight(patient, { ...everything(brief), until: now + 1 }),
    };
    const ended = await share();
    await revokeRight(patient, ended.digest);
    await suspend(network, gone, 1);
    network.clock.advance(1000);
    const listed = await listGrants(patient);
    assert.equal(listed.length, 4);
    for (const [state, { grant, digest }] of Object.entries(given)) {
      assert.deepEqual(
        listed.find((each) => each.digest === digest),
        { digest, grant, state },
      );
    }
  });

  it('of one record has the grants that cover it', async () => {
    const [doctor, elsewhere] = [await network.party('doctor'), await network.party('doctor')];
    const wide = await grantRight(patient, { ...everything(doctor), categories: ['vitals'] });
    await grantRight(patient, { ...everything(elsewhere), categories: ['imaging'] });
    const narrow = await share();
    const digests = async (record: LoggedVersion): Promise<string[]> =>
      (await listGrants(patient, { record: record.record, category: 'vitals' }))
        .map(({ digest }) => digest)
        .toSorted();
    assert.deepEqual(await digests(shared), [wide.digest, narrow.digest].toSorted());
    assert.deepEqual(await digests(other), [wide.digest]);
  });

  it('shows a grant that the device has no more, by the newest state', async () => {
    const before = await readPatientState(patient);
    const { digest } = await grantRight(patient, everything(specialist));
    await writePatientState(patient, before);
    const listed = await listGrants(patient);
    assert.deepEqual(
      listed.map((each) => [each.digest, each.state, each.grant?.terms.grantee]),
      [[digest, 'holds', specialist.address]],
    );
  });
});
