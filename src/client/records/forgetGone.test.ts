import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { furtherDevice } from '../../node/test/furtherDevice.ts';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { eraseKeys } from '../epochs/eraseKeys.ts';
import type { Party } from '../party/Party.ts';
import { restorePatient } from '../state/restorePatient.ts';
import { nameOfContent } from './addedOnce.ts';
import { addRecord } from './addRecord.ts';
import type { LoggedVersion } from './logVersion.ts';
import { objectionsAmong, readObjections } from './objections.ts';
import { objectToRecord } from './objectToRecord.ts';
import { readChart, type Chart } from './readChart.ts';

let network: TestNetwork;
let care: Care;
let phone: Party;
before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
  phone = await furtherDevice(network, care.patient);
  await restorePatient(phone);
});
after(async () => await network.close());

async function own(party: Party): Promise<Chart> {
  return await readChart(party, { handle: care.handle, purpose: 'PATRQT' });
}

/** A record of the doctor. */
async function written(text: string): Promise<LoggedVersion> {
  const { doctor, handle, right } = care;
  const terms = { handle, grant: right.grant, purpose: 'TREAT', category: 'conditions' } as const;
  return await addRecord(doctor, { ...terms, content: utf8ToBytes(text) });
}

/** Says the same words against a record, as a device's chart lists it now. */
async function object(party: Party, { record }: LoggedVersion): Promise<LoggedVersion> {
  const { records } = await own(party);
  const listed = records.find((each) => each.record === record) ?? assert.fail();
  return await objectToRecord(party, { record: listed, words: 'I never had that.' });
}

async function withdraw(party: Party, amends: LoggedVersion): Promise<void> {
  const { handle } = care;
  const nothing = { category: 'conditions', content: new Uint8Array() } as const;
  await addRecord(party, { ...nothing, handle, purpose: 'PATRQT', amends });
}

describe('what a device added once', () => {
  // @attack a patient's other device withdraws an objection, and this one answers the same words with "there already" | a chart that shows a record as withdrawn or erased has the device forget that it added it
  it('is said again after another device withdrew it, and stands', async () => {
    const about = await written('asthma');
    const first = await object(care.patient, about);
    await withdraw(phone, first);
    const again = await object(care.patient, about);
    assert.equal(again.already, undefined);
    assert.notEqual(again.record, first.record);
    const chart = await own(phone);
    assert.equal(objectionsAmong(chart.records, about).length, 2);
    const said = await readObjections(phone, chart, about);
    assert.deepEqual(
      said.map(({ words }) => words),
      ['I never had that.'],
    );
  });

  it('is there already while it stands, as often as it is said and whatever else was withdrawn', async () => {
    const [about, other] = [await written('migraine'), await written('gout')];
    const first = await object(care.patient, about);
    await withdraw(phone, await object(care.patient, other));
    for (const _ of [1, 2]) {
      const again = await object(care.patient, about);
      assert.deepEqual([again.already, again.record], [true, first.record]);
    }
  });

  it('is added again after its category was erased, by whichever device', async () => {
    const { patient, handle } = care;
    const content = utf8ToBytes('blood');
    const once = await nameOfContent(patient, handle, [content], 'laboratory');
    const version = { handle, category: 'laboratory', content, purpose: 'PATRQT', once } as const;
    const first = await addRecord(patient, version);
    assert.equal((await addRecord(patient, version)).already, true);
    await restorePatient(phone);
    await eraseKeys(phone, 'laboratory');
    await restorePatient(patient);
    await own(patient);
    const again = await addRecord(patient, version);
    assert.equal(again.already, undefined);
    assert.notEqual(again.record, first.record);
  });
});
