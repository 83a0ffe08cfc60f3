import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { simulatedCipher as cipher } from '../../../proof/simulation/simulatedCipher.ts';
import { furtherDevice } from '../../node/test/furtherDevice.ts';
import { everything, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { memoryDevice } from '../party/memoryDevice.ts';
import type { Party } from '../party/Party.ts';
import { confirmChart } from '../records/confirmChart.ts';
import { grantRight } from '../rights/grantRight.ts';
import { revokeRight } from '../rights/revokeRight.ts';
import { keepPatientState } from './keepPatientState.ts';
import { readPatientState } from './PatientState.ts';
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
    const commitments = await Promise.allSettled([
      commitEpochs(patient, 3),
      commitEpochs(second, 6),
    ]);
    // The ledger takes the first; a repeat of the other one fits what it has.
    for (const each of commitments) {
      if (each.status === 'rejected') assert.ok(isMedsealError(each.reason, 'RULE_REFUSED'));
    }
    await commitEpochs(second, 6);
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
});
