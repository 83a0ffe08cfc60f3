import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { simulatedCipher as cipher } from '../../../proof/simulation/simulatedCipher.ts';
import { furtherDevice } from '../../node/test/furtherDevice.ts';
import { everything, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { epochIdentity } from '../epochs/epochIdentity.ts';
import { eraseKeys } from '../epochs/eraseKeys.ts';
import { changeKey } from '../party/changeKey.ts';
import { memoryDevice } from '../party/memoryDevice.ts';
import type { Party } from '../party/Party.ts';
import { addRecord } from '../records/addRecord.ts';
import { confirmChart } from '../records/confirmChart.ts';
import { readChart } from '../records/readChart.ts';
import { readRecord } from '../records/readRecord.ts';
import { grantRight } from '../rights/grantRight.ts';
import { revokeRight } from '../rights/revokeRight.ts';
import { inTime } from '../test/inTime.ts';
import { keepPatientState } from './keepPatientState.ts';
import { readPatientState, type PatientState } from './PatientState.ts';
import { restorePatient } from './restorePatient.ts';

let network: TestNetwork;
let doctor: Party;
before(async () => {
  network = await startTestNetwork({ guarded: true, cipher });
  doctor = await network.party('doctor');
});
after(async () => await network.close());

/** A device of the patient that has what nodes keep. */
async function secondOf(patient: Party): Promise<Party> {
  const second: Party = { ...patient, device: memoryDevice() };
  await restorePatient(second);
  return second;
}

async function secondState(patient: Party): Promise<PatientState> {
  return await readPatientState(await secondOf(patient));
}

/** Digests of the grants that a device from the words knows, which nobody had to tell it. */
async function knownFromWords(patient: Party): Promise<readonly string[]> {
  const device = await furtherDevice(network, patient);
  const { state, unknown } = await restorePatient(device);
  assert.deepEqual(unknown, []);
  return state.grants.map(({ digest }) => digest);
}

describe('two writers of one state', () => {
  it('both give rights at once, and the state has both', async () => {
    const patient = await network.party('patient');
    await commitEpochs(patient, 4);
    const second = await secondOf(patient);
    const given = await Promise.all(
      [patient, second, patient, second].map(async (device) => {
        return await grantRight(device, everything(doctor));
      }),
    );
    const known = await knownFromWords(patient);
    for (const { digest } of given) assert.ok(known.includes(digest));
  });

  it('both prepare the first epochs at once, and the keys of the one that the ledger took are kept', async () => {
    const patient = await network.party('patient');
    const second: Party = { ...patient, device: memoryDevice() };
    await second.device.write('patient', await patient.device.read('patient'));
    // The ledger takes the first; the other one is made once more, to fit what it has.
    await inTime(network, Promise.all([commitEpochs(patient, 3), commitEpochs(second, 6)]));
    const device = await furtherDevice(network, patient);
    // It compares the keys with all that the ledger has.
    const { state } = await restorePatient(device);
    await restorePatient(second);
    assert.deepEqual((await readPatientState(second)).keyring, state.keyring);
    await grantRight(patient, everything(doctor));
  });

  // @attack a node lets the ledger take epochs whose keys no other node keeps | the commitment is signed only once k organisations sign that they keep them
  it('commit to no epoch before k organisations keep its keys', async () => {
    const patient = await network.party('patient');
    const sent: string[] = [];
    const agent = Object.create(patient.agent) as AgentPort;
    Object.assign(agent, {
      keep: async () => await Promise.resolve([]),
      submit: async (given: Parameters<AgentPort['submit']>[0]) => {
        sent.push(...given.map(({ request }) => request.type));
        return await patient.agent.submit(given);
      },
    });
    const lied: Party = { ...patient, agent };
    await assert.rejects(commitEpochs(lied, 3), failsWith('ANSWER_DISPUTED'));
    assert.deepEqual(sent, []);
    const { handle, keyring } = await readPatientState(patient);
    assert.deepEqual(keyring.keys, {});
    assert.equal((await confirmChart(patient, { handle, keyring })).patient.epoch, 0);
  });

  // @actor a thief of a patient's key | to have the patient's devices forget a right that stands, so that nobody can end it
  it('of whom one leaves out a right that stands: the other still knows it, and its next change brings it back', async () => {
    const patient = await network.party('patient');
    await commitEpochs(patient, 4);
    const ended = await grantRight(patient, everything(doctor));
    await revokeRight(patient, ended.digest);
    const right = await grantRight(patient, everything(doctor));
    const thief = await secondOf(patient);
    const state = await readPatientState(thief);
    await keepPatientState(thief, { ...state, grants: [], recipients: {} });
    const { state: joined, unknown } = await restorePatient(patient);
    assert.deepEqual(unknown, []);
    assert.deepEqual(
      joined.grants.map(({ digest }) => digest),
      [right.digest],
      'one that has ended is not brought back',
    );
    assert.deepEqual(Object.keys(joined.recipients), [doctor.address]);
    await commitEpochs(patient, 9);
    assert.deepEqual(await knownFromWords(patient), [right.digest]);
    await revokeRight(patient, right.digest);
  });

  // @attack a thief of a patient's key keeps a state without the keys of earlier spans, so that the devices' copies of them are overwritten | a device adds keys of past epochs that it has to the newest state, unless they were erased
  it('of whom one leaves out keys of earlier spans: the other still has them, and its next change brings them back', async () => {
    const first = await network.party('patient');
    await commitEpochs(first, 4);
    const { handle } = await readPatientState(first);
    const content = utf8ToBytes('of before');
    await addRecord(first, { handle, category: 'vitals', content, purpose: 'PATRQT' });
    const { party: patient } = await changeKey(first, network.ports.random(32));
    const thief = await secondOf(patient);
    const state = await readPatientState(thief);
    const { patient: facts } = await confirmChart(patient, state);
    const kept = Object.entries(state.keyring.keys).filter(([end]) => Number(end) >= facts.first);
    assert.ok(kept.length < Object.keys(state.keyring.keys).length);
    const keyring = { ...state.keyring, keys: Object.fromEntries(kept) };
    await keepPatientState(thief, { ...state, keyring });
    await commitEpochs(patient, 9);
    assert.deepEqual((await readPatientState(patient)).keyring.keys, state.keyring.keys);
    const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
    const [record = assert.fail()] = chart.records;
    const { content: read } = await readRecord(patient, chart, record);
    assert.equal(bytesToUtf8(read), 'of before');
    assert.deepEqual((await secondState(patient)).keyring.keys, state.keyring.keys);
  });

  it('of whom one erased keys: the other, which still has them, does not bring them back', async () => {
    const patient = await network.party('patient');
    await commitEpochs(patient, 4);
    const { handle } = await readPatientState(patient);
    const content = utf8ToBytes('of before');
    await addRecord(patient, { handle, category: 'vitals', content, purpose: 'PATRQT' });
    const second = await secondOf(patient);
    const at = await eraseKeys(patient, 'vitals');
    const { keyring } = await readPatientState(second);
    assert.ok(keyring.keys[128]?.vitals, 'it has not heard of the erasure');
    await commitEpochs(second, 9);
    const after = await readPatientState(second);
    assert.equal(after.erasing?.vitals, undefined, 'the log has the erasure');
    assert.throws(() => epochIdentity(after.keyring, at, 'vitals'), failsWith('RECORD_ERASED'));
  });
});
