import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { simulatedCipher as cipher } from '../../../proof/simulation/simulatedCipher.ts';
import { bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import { furtherDevice } from '../../node/test/furtherDevice.ts';
import { everything, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import { seconds } from '../../protocol/Clock.ts';
import { submitRule } from '../agent/submit.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { confirmSheet } from '../epochs/confirmSheet.ts';
import { epochSheets } from '../epochs/epochSheets.ts';
import { eraseKeys } from '../epochs/eraseKeys.ts';
import { keyringOf } from '../epochs/keyringOf.ts';
import { refreshPackets } from '../epochs/refreshPackets.ts';
import { changeKey } from '../party/changeKey.ts';
import { enrol } from '../party/enrol.ts';
import type { Party } from '../party/Party.ts';
import { addRecord } from '../records/addRecord.ts';
import { readChart } from '../records/readChart.ts';
import { readRecords } from '../records/readRecords.ts';
import { grantRight, type GrantGiven } from '../rights/grantRight.ts';
import { revokeRight } from '../rights/revokeRight.ts';
import { keysOfSpan } from '../test/keysOfSpan.ts';
import { readNotes } from '../test/readNotes.ts';
import { seededKeyring } from '../test/seededKeyring.ts';
import { keepPatientState } from './keepPatientState.ts';
import { readPatientState, type PatientState } from './PatientState.ts';
import { restorePatient } from './restorePatient.ts';

let network: TestNetwork;
before(async () => {
  network = await startTestNetwork({ guarded: true, cipher });
});
after(async () => await network.close());

interface OlderChart {
  readonly patient: Party;
  readonly doctor: Party;
  readonly right: GrantGiven;
}

/** A chart whose state nodes and device have as the version before wrote it, with a note in it and a right. */
async function olderChart(): Promise<OlderChart> {
  const [patient, doctor] = [await network.party('patient'), await network.party('doctor')];
  const fresh = await readPatientState(patient);
  const { handle } = fresh;
  const seeded = seededKeyring(handle, [128], 8);
  // The version before wrote this form; this one only reads it.
  const older = { ...fresh, keyring: seeded } as unknown as PatientState;
  const kept = await keepPatientState(patient, older);
  await patient.device.write('patient', kept);
  const range = { first: 1, count: 8 };
  const keyring = keyringOf(patient.keys.seed(), seeded);
  const { root, sheets } = await epochSheets(patient, keyring, range);
  const deadline = seconds(network.clock) + 300;
  await submitRule(patient, 'CommitEpochs', { handle, ...range, root, deadline }, { sheets });
  await note(patient, 'of before');
  const right = await grantRight(patient, everything(doctor));
  const given = { ...(await readPatientState(patient)), keyring: seeded };
  await patient.device.write('patient', await keepPatientState(patient, given as never));
  return { patient, doctor, right };
}

async function note(party: Party, text: string, right?: GrantGiven): Promise<void> {
  const { handle } = right?.grant ?? (await readPatientState(party));
  await addRecord(party, {
    handle,
    category: 'vitals',
    content: utf8ToBytes(text),
    ...(right ? { grant: right.grant, purpose: 'TREAT' } : { purpose: 'PATRQT' }),
  });
}

/** Every note of a patient's own chart, opened without a release. */
async function ownNotes(party: Party): Promise<readonly string[]> {
  const { handle } = await readPatientState(party);
  const chart = await readChart(party, { handle, purpose: 'PATRQT' });
  const notes: string[] = [];
  for await (const read of readRecords(party, chart, chart.records)) {
    notes.push('error' in read ? read.error.code : bytesToUtf8(read.content));
  }
  assert.ok(chart.records.every(({ epoch, category }) => chart.ownIdentityFor?.(epoch, category)));
  return notes;
}

describe('a chart whose secrets followed from the seed', () => {
  it('is read, restored and written to, and its next change stores keys of its own', async () => {
    const { patient, doctor, right } = await olderChart();
    assert.deepEqual(await ownNotes(patient), ['of before']);
    const phone = await furtherDevice(network, patient);
    await restorePatient(phone);
    assert.deepEqual(await ownNotes(phone), ['of before']);
    await commitEpochs(phone, 12);
    const { keyring } = await readPatientState(phone);
    assert.deepEqual(Object.keys(keyring.keys), ['8', '128']);
    // The other device still has the old form, and takes the new one.
    await note(patient, 'between');
    await commitEpochs(patient, 14);
    assert.deepEqual((await readPatientState(patient)).keyring.keys, keyring.keys);
    for (let turn = 0; turn < 9; turn++) {
      const { digest } = await grantRight(patient, everything(doctor));
      await revokeRight(patient, digest);
    }
    assert.ok((await confirmSheet(patient, right.grant.handle)).epoch > 8);
    await note(doctor, 'of later', right);
    await refreshPackets(patient);
    assert.deepEqual(await ownNotes(patient), ['of before', 'between', 'of later']);
    assert.deepEqual(await readNotes(doctor, right), ['of before', 'between', 'of later']);
    const last = await furtherDevice(network, patient);
    await restorePatient(last);
    assert.deepEqual(await ownNotes(last), ['of before', 'between', 'of later']);
  });

  it('changes its key and is erased at once, before any other change', async () => {
    const { patient, doctor, right } = await olderChart();
    const { party: renewed } = await changeKey(patient, network.ports.random(32));
    await note(renewed, 'after');
    await refreshPackets(renewed);
    assert.deepEqual(await ownNotes(renewed), ['of before', 'after']);
    assert.deepEqual(await readNotes(doctor, right), ['of before', 'after']);
    const other = await olderChart();
    await eraseKeys(other.patient, 'vitals');
    await note(other.patient, 'after');
    const read = await readChart(other.patient, {
      handle: other.right.grant.handle,
      purpose: 'PATRQT',
    });
    const notes: string[] = [];
    for await (const each of readRecords(other.patient, read, read.records)) {
      notes.push('error' in each ? each.error.code : bytesToUtf8(each.content));
    }
    assert.deepEqual(notes, ['RECORD_ERASED', 'after']);
  });
});

describe('the state on a device', () => {
  // @actor a thief of a device's files, without its passphrase | to open the chart by the keys in the state
  it('shows nothing without the seed, and is not there for another one', async () => {
    const patient = await network.party('patient');
    await commitEpochs(patient, 2);
    const { patientId, keyring } = await readPatientState(patient);
    const stored = await patient.device.read('patient');
    assert.ok(typeof stored === 'string');
    for (const secret of [patientId, keyring.keys[128]?.vitals ?? assert.fail(), 'medseal']) {
      assert.ok(!stored.includes(secret));
    }
    const { keys } = await network.party('patient');
    await assert.rejects(readPatientState({ ...patient, keys }), { code: 'NOT_FOUND' });
    // It comes back from nodes.
    await patient.device.write('patient', `${stored.slice(0, -8)}AAAAAAA=`);
    await restorePatient(patient);
    assert.deepEqual((await readPatientState(patient)).keyring, keyring);
  });

  // @attack somebody who writes a device's files puts a state in clear there, with keys of their choice, as the version before stored it | the device acts on no state in clear, and takes the newest one of the nodes in its place
  it('is not acted on in clear: the first change takes the newest state of the nodes, and seals it', async () => {
    const patient = await network.party('patient');
    await commitEpochs(patient, 4);
    const { keyring: real, ...others } = await readPatientState(patient);
    const { handle } = others;
    const prepared = { 4: keysOfSpan(50), 128: keysOfSpan(7) };
    const keyring = { format: 'medseal-keyring/2', handle, keys: prepared, prepared: 4 } as const;
    await patient.device.write('patient', { ...others, revision: 99, keyring });
    assert.equal((await readPatientState(patient)).handle, handle, 'it is shown without a network');
    await commitEpochs(patient, 12);
    assert.equal(typeof (await patient.device.read('patient')), 'string');
    const { keys } = (await readPatientState(patient)).keyring;
    assert.deepEqual(keys, real.keys);
    const phone = await furtherDevice(network, patient);
    assert.deepEqual((await restorePatient(phone)).state.keyring.keys, real.keys);
  });

  it('in clear names no erasure that is entered', async () => {
    const patient = await network.party('patient');
    await commitEpochs(patient, 4);
    await note(patient, 'stays');
    const real = await readPatientState(patient);
    const keyring = { ...real.keyring, keys: {} };
    await patient.device.write('patient', { ...real, keyring, erasing: { vitals: 4 } });
    await refreshPackets(patient);
    assert.deepEqual(await ownNotes(patient), ['stays']);
  });

  it('in clear, of an enrolment that was cut off before nodes had a state, begins again with nothing in it', async () => {
    const patient = await network.party('patient', { enrolled: false });
    const agent = Object.create(patient.agent) as typeof patient.agent;
    Object.assign(agent, { keep: async () => await Promise.reject(new Error('died')) });
    const as = { role: 'patient', organisation: 'hospital' } as const;
    await assert.rejects(enrol({ ...patient, agent }, as), { message: 'died' });
    const fresh = await readPatientState(patient);
    const keyring = { ...fresh.keyring, keys: { 128: keysOfSpan(7) } };
    await patient.device.write('patient', { ...fresh, keyring });
    await commitEpochs(patient, 4);
    await note(patient, 'first');
    assert.deepEqual(await ownNotes(patient), ['first']);
    const { keys } = (await readPatientState(patient)).keyring;
    assert.notEqual(keys[128]?.vitals, keysOfSpan(7).vitals);
  });
});
