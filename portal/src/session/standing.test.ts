import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  addRecord,
  cancelPrescription,
  dispense,
  holdPrescription,
  partIn,
  readBundle,
  readChart,
  readPrescriptions,
  readRecord,
  type Chart,
  type ChartRecord,
  type Party,
} from '../../../src/client/index.ts';
import { keepRecord } from '../../../src/client/kept/keepRecord.ts';
import type { NewPrescription } from '../../../src/client/care/prescriptions/NewPrescription.ts';
import { prescribe, signOrder } from '../../../src/client/care/prescriptions/test/prescribe.ts';
import { leftIn, standingIn } from '../../../src/fhir/effectiveResource.ts';
import { encodePart } from '../../../src/fhir/encodePart.ts';
import { fieldOf } from '../../../src/fhir/fieldOf.ts';
import {
  BEGIN,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../../src/node/test/testNetwork.ts';
import type { Bytes32, RecordId } from '../../../src/protocol/ids.ts';
import { PRESCRIPTION_STANDINGS } from '../../../src/protocol/care/prescriptionStanding.ts';
import { englishWords } from '../fhir/test/englishWords.ts';
import { readCardLines } from '../screens/card/readCardLines.ts';
import { ChartReader, type ChartState } from './ChartReader.ts';
import { amendFhir } from './amendFhir.ts';
import { keptHere } from './keptHere.ts';
import { openRecord } from './openRecord.ts';

/** The status and the line on a card that each face has to give a medicine, by the state of its prescription. */
const EXPECTED = {
  unissued: ['draft', undefined],
  early: ['active', ''],
  active: ['active', ''],
  dispensed: ['active', ''],
  held: ['on-hold', 'Status: paused'],
  cancelled: ['cancelled', undefined],
  replaced: ['stopped', undefined],
  expired: ['stopped', undefined],
  completed: ['completed', undefined],
  altered: ['unknown', 'Status: unknown'],
} as const;
const STANDINGS = [...PRESCRIPTION_STANDINGS, 'altered'] as const;
const SOON = BEGIN + 400;

let network: TestNetwork;
let care: Care;
let chart: Chart;
const records = new Map<string, RecordId>();

/** A prescription whose medicine is called after what shall become of it. */
const order = (medicine: string, change: Partial<NewPrescription> = {}): NewPrescription => ({
  handle: care.handle,
  grant: care.right.grant,
  purpose: 'TREAT',
  medicine,
  unit: 'tablet',
  dosage: 'daily',
  amount: 2,
  fills: 1,
  interval: 0,
  from: BEGIN,
  until: BEGIN + 86_400,
  ...change,
});

before(async () => {
  network = await startTestNetwork({ cared: true, further: ['prescriptions'] });
  care = await startCare(network);
  const { doctor, patient, handle } = care;
  const pharmacist = await network.party('pharmacist', { organisation: 'laboratory' });
  const issue = async (name: string, change: Partial<NewPrescription> = {}): Promise<Bytes32> => {
    const { digest, record } = await prescribe(doctor, order(name, change));
    records.set(name, record);
    return digest;
  };
  const handOut = async (digest: Bytes32): Promise<void> => {
    const own = await readChart(patient, { handle, purpose: 'PATRQT' });
    const { prescriptions: listed } = await readPrescriptions(patient, own);
    const { slip } = listed.find((each) => each.digest === digest) ?? assert.fail();
    await dispense(pharmacist, slip ?? assert.fail(), { amount: 2 });
  };
  const { message } = await signOrder(doctor, order('unissued'));
  records.set('unissued', message.terms.record);
  await issue('active');
  await issue('early', { from: BEGIN + 5000 });
  await handOut(await issue('dispensed'));
  await holdPrescription(doctor, await issue('held'), true);
  await cancelPrescription(doctor, await issue('cancelled'));
  const replaces = await issue('replaced');
  await issue('other', { replaces });
  await issue('expired', { until: SOON });
  await handOut(await issue('completed', { until: SOON }));
  await issue('altered');
  network.clock.advance((SOON - BEGIN) * 1000);
  // As its author wrote it but for a word, and with the word of its author for what the ledger says.
  const seen = await read();
  const record = recordOf(seen, 'altered');
  const part = partIn((await readRecord(patient, seen, record)).content, record) ?? assert.fail();
  const [entry] = part.entries;
  const extension = [{ url: 'urn:medseal:state', valueCode: 'active' }];
  const resource = { ...entry?.resource, note: [{ text: 'x' }], _status: { extension } } as never;
  const content = encodePart({ ...part, entries: [{ resource }] });
  await addRecord(doctor, {
    handle,
    grant: care.right.grant,
    purpose: 'TREAT',
    category: 'medications',
    content,
    amends: record,
  });
  chart = await read();
});
after(async () => {
  assert.deepEqual(network.failures, []);
  await network.close();
});

async function read(): Promise<Chart> {
  return await readChart(care.patient, { handle: care.handle, purpose: 'PATRQT' });
}

function recordOf({ records: listed }: Chart, name: string): ChartRecord {
  const newest = listed.filter(({ record }) => record === records.get(name));
  return newest.toSorted((left, right) => right.version - left.version)[0] ?? assert.fail(name);
}

/** Returns the state and status of each prescription that a face shows. */
function told(resources: readonly unknown[]): readonly unknown[] {
  return resources.map((resource) => [standingIn(resource), fieldOf(resource, 'status')]);
}

const EXPECTED_STATES = STANDINGS.map((standing) => [standing, EXPECTED[standing][0]]);

async function settled(reader: ChartReader): Promise<ChartState> {
  return await new Promise((resolve) => {
    const leave = reader.follow(() => {
      if (!reader.state().finished) return;
      leave();
      resolve(reader.state());
    });
  });
}

/** States in which something may be handed out, now or later. */
const OPEN: ReadonlySet<unknown> = new Set(['early', 'active', 'held']);

describe('for each state of a prescription on the ledger', () => {
  // @actor a chart that shows what was once written | a cancelled, held, replaced or expired prescription reads as active
  it('the chart shows that state', async () => {
    const { resourcesIn, arranged } = await settled(new ChartReader(care.patient, chart));
    const shown = STANDINGS.flatMap((name) => resourcesIn.get(recordOf(chart, name)) ?? []);
    assert.deepEqual(told(shown), EXPECTED_STATES);
    const left = shown.flatMap((resource) => {
      const of = leftIn(resource);
      return of === undefined ? [] : [[standingIn(resource), of]];
    });
    const all = { left: 2, whole: 2, unit: 'tablet' };
    assert.deepEqual(
      left,
      STANDINGS.filter((name) => OPEN.has(name)).map((name) => [name, all]),
      'what is left is told of those alone that can be collected, now or later',
    );
    const active = new Set(arranged.medicines.active.map(({ resource }) => resource));
    assert.deepEqual(
      shown.flatMap((resource) => (active.has(resource) ? [standingIn(resource)] : [])),
      STANDINGS.filter((standing) => EXPECTED[standing][1] !== undefined),
    );
  });

  it('a chart that is read again shows the state of now', async () => {
    const { doctor, patient } = care;
    const { digest, record } = await prescribe(doctor, order('changing'));
    records.set('changing', record);
    const first = await read();
    const reader = new ChartReader(patient, first);
    const before = (await settled(reader)).resourcesIn.get(recordOf(first, 'changing'));
    await cancelPrescription(doctor, digest);
    const second = await read();
    const again = await settled(new ChartReader(patient, second, reader));
    const now = again.resourcesIn.get(recordOf(second, 'changing'));
    assert.deepEqual(
      [before, now].map((each) => told(each ?? [])),
      [[['active', 'active']], [['cancelled', 'cancelled']]],
    );
  });

  // @actor the same on an emergency card | prints a medicine that was cancelled
  it('the emergency card offers the medicine only while it is in force, and says if it is held back', async () => {
    const { offered: lines } = await readCardLines(care.patient, chart, englishWords, '');
    for (const standing of STANDINGS) {
      const [, said] = EXPECTED[standing];
      const line = lines.find(({ text }) => text.startsWith(`${standing} · `))?.text;
      const parts = said === undefined ? undefined : [standing, said, 'daily'];
      assert.equal(line, parts?.filter((part) => part !== '').join(' · '), standing);
    }
  });

  it('the page of the record, the patient’s and a grantee’s, shows that state', async () => {
    const { doctor, handle, right } = care;
    const theirs = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
    for (const [party, seen] of [
      [care.patient, chart],
      [doctor, theirs],
    ] as readonly (readonly [Party, Chart])[]) {
      const shown: unknown[] = [];
      for (const name of STANDINGS) {
        const { resources = [] } = await openRecord(party, seen, recordOf(seen, name));
        shown.push(...resources);
      }
      assert.deepEqual(told(shown), EXPECTED_STATES);
    }
  });

  it('the exported bundle says that state', async () => {
    const shown: unknown[] = [];
    for (const name of STANDINGS.filter((each) => each !== 'altered')) {
      const found = await readBundle(care.patient, chart, recordOf(chart, name));
      shown.push(found.complete && found.bundle.entry?.[0]?.resource);
    }
    assert.deepEqual(told(shown), EXPECTED_STATES.slice(0, -1));
  });

  it('a device without a network calls nothing in force', async () => {
    const { patient } = care;
    const record = recordOf(chart, 'active');
    await keepRecord(patient, chart, record, BEGIN + 5000);
    const { agent: _without, ...holder } = patient;
    const [kept] = await keptHere(holder);
    assert.deepEqual(told(kept?.opened.resources ?? []), [['unconfirmed', 'unknown']]);
  });

  it('an amendment writes nothing that the ledger said', async () => {
    const { doctor, handle, right } = care;
    const theirs = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
    const record = recordOf(theirs, 'held');
    const { resources = [] } = await openRecord(doctor, theirs, record);
    const added = await amendFhir(doctor, theirs, {
      record,
      change: (bundle) => ({
        ...bundle,
        entry: resources.map((resource) => ({ resource })) as never,
      }),
      reason: '',
    });
    assert.equal(added, undefined);
  });
});
