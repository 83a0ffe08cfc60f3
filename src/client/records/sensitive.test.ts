import assert from 'node:assert/strict';
import { ageIdentity } from '../../crypto/keys/ageIdentity.ts';
import { after, before, describe, it } from 'node:test';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { furtherDevice } from '../../node/test/furtherDevice.ts';
import {
  BEGIN,
  everything,
  startCare,
  startTestNetwork,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { CATEGORIES, ORDINARY_CATEGORIES } from '../../protocol/vocabulary.ts';
import { addRecord } from './addRecord.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { confirmSheet } from '../epochs/confirmSheet.ts';
import { epochSheets } from '../epochs/epochSheets.ts';
import { eraseKeys } from '../epochs/eraseKeys.ts';
import { hasErasable } from '../epochs/hasErasable.ts';
import { fetchVersion } from './fetchVersion.ts';
import { grantRight } from '../rights/grantRight.ts';
import { keepPatientState } from '../state/keepPatientState.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState } from '../state/PatientState.ts';
import { readChart } from './readChart.ts';
import { restorePatient } from '../state/restorePatient.ts';
import { submitRule } from '../agent/submit.ts';
import { checkpointing } from '../test/checkpointing.ts';
import { readNotes } from '../test/readNotes.ts';

let network: TestNetwork;
before(async () => {
  network = await startTestNetwork();
});
after(async () => await network.close());

const sensitive = { category: 'sensitive', content: utf8ToBytes('a labelled note') } as const;
const ordinary = { category: 'conditions', content: utf8ToBytes('a note') } as const;

describe('a right', () => {
  // @attack a grantee reads by a right to diagnoses what was labelled HIV or PSY | labelled records have a category of their own, which a right must name
  it('covers what is sensitive only if it names it: neither list nor keys nor file are released', async () => {
    const { patient, doctor, stranger, handle, right } = await startCare(network);
    const version = await addRecord(patient, { ...sensitive, handle, purpose: 'PATRQT' });
    await addRecord(patient, { ...ordinary, handle, purpose: 'PATRQT' });
    const terms = { ...everything(stranger), categories: ORDINARY_CATEGORIES };
    const { grant } = await grantRight(patient, terms);
    const chart = await readChart(stranger, { handle, grant, purpose: 'TREAT' });
    assert.deepEqual(
      chart.records.map(({ category }) => category),
      ['conditions'],
    );
    assert.throws(() => chart.identityFor(1, 'sensitive'), failsWith('KEY_PENDING'));
    const whole = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
    const known = whole.records.find(({ record }) => record === version.record);
    assert.ok(known);
    const missing = failsWith('RIGHT_MISSING');
    await assert.rejects(fetchVersion(stranger, chart, known), missing);
    const adding = addRecord(stranger, { ...sensitive, handle, grant, purpose: 'TREAT' });
    await assert.rejects(adding, missing);
    assert.deepEqual(await readNotes(doctor, right), ['a labelled note', 'a note']);
  });

  it('to what is sensitive gives nothing else', async () => {
    const { patient, stranger, handle } = await startCare(network);
    await addRecord(patient, { ...sensitive, handle, purpose: 'PATRQT' });
    await addRecord(patient, { ...ordinary, handle, purpose: 'PATRQT' });
    const given = await grantRight(patient, { ...everything(stranger), categories: ['sensitive'] });
    assert.deepEqual(await readNotes(stranger, given), ['a labelled note']);
  });
});

/** A patient whose chart was begun before there was the category, with a note in it. */
async function olderChart(): Promise<Party> {
  const patient = await network.party('patient');
  const state = await readPatientState(patient);
  const { handle } = state;
  const keys = Object.fromEntries(
    ORDINARY_CATEGORIES.map((name, at) => [name, ageIdentity(new Uint8Array(32).fill(at))]),
  );
  const keyring = { ...state.keyring, keys: { 128: keys }, prepared: 8 };
  const kept = await keepPatientState(patient, { ...state, keyring });
  const { root, sheets } = await epochSheets(patient, kept.keyring, { first: 1, count: 8 });
  const deadline = BEGIN + 300;
  await submitRule(
    patient,
    'CommitEpochs',
    { handle, first: 1, count: 8, root, deadline },
    { sheets },
  );
  await addRecord(patient, { ...ordinary, handle, purpose: 'PATRQT' });
  return patient;
}

describe('a chart from before there was the category', () => {
  it('is read, granted, committed to and restored as before, and waits with what is sensitive', async () => {
    const patient = await olderChart();
    const { handle } = await readPatientState(patient);
    const { recipients } = await confirmSheet(patient, handle);
    assert.deepEqual(Object.keys(recipients).toSorted(), ORDINARY_CATEGORIES.toSorted());
    const doctor = await network.party('doctor');
    const right = await grantRight(patient, everything(doctor));
    await commitEpochs(patient, 12);
    assert.deepEqual(await readNotes(doctor, right), ['a note']);
    const adding = addRecord(doctor, {
      ...sensitive,
      handle,
      grant: right.grant,
      purpose: 'TREAT',
    });
    await assert.rejects(adding, failsWith('KEY_PENDING'));
    const again = await furtherDevice(network, patient);
    const { unknown } = await restorePatient(again);
    assert.deepEqual(unknown, []);
  });

  it('has it once the patient has erased it, which destroys nothing', async () => {
    const patient = await olderChart();
    const doctor = await network.party('doctor');
    const right = await grantRight(patient, everything(doctor));
    assert.equal(await hasErasable(checkpointing(network, patient), 'sensitive'), true);
    await eraseKeys(patient, 'sensitive');
    assert.equal(await hasErasable(checkpointing(network, patient), 'sensitive'), false);
    const { handle } = await readPatientState(patient);
    const { recipients } = await confirmSheet(patient, handle);
    assert.deepEqual(Object.keys(recipients).toSorted(), CATEGORIES.toSorted());
    await addRecord(doctor, { ...sensitive, handle, grant: right.grant, purpose: 'TREAT' });
    assert.deepEqual(await readNotes(doctor, right), ['a note', 'a labelled note']);
  });
});
