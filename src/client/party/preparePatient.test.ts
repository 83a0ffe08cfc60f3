import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { furtherDevice } from '../../node/test/furtherDevice.ts';
import { startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { lyingTo } from '../test/lyingTo.ts';
import { readPatientState } from '../state/PatientState.ts';
import type { Party } from './Party.ts';
import { preparePatient } from './preparePatient.ts';

const AT = { organisation: 'hospital' } as const;

let network: TestNetwork;
before(async () => {
  network = await startTestNetwork();
});
after(async () => await network.close());

async function epochOf(party: Party): Promise<number> {
  const { handle } = await readPatientState(party);
  return (await confirmFacts(party, { handle })).patient?.epoch ?? 0;
}

describe('a patient who applied', () => {
  it('gets the keys of the first epochs, and a repeat changes nothing', async () => {
    const patient = await network.party('patient');
    const state = await preparePatient(patient, AT);
    assert.equal(await epochOf(patient), 1);
    assert.deepEqual(await preparePatient(patient, AT), state);
  });

  it('goes on if the epochs were not committed to, or that is not known to the device', async () => {
    const patient = await network.party('patient');
    const cut = lyingTo(network, patient, {
      submit: async () => await Promise.reject(new Error('cut')),
    });
    await assert.rejects(preparePatient(cut, AT), /cut/);
    await preparePatient(patient, AT);
    assert.equal(await epochOf(patient), 1);
  });

  it('restores what nodes keep on a device that knows nothing', async () => {
    const patient = await network.party('patient');
    await commitEpochs(patient, 2);
    const { handle, revision } = await readPatientState(patient);
    const device = await furtherDevice(network, patient);
    const state = await preparePatient(device, AT);
    assert.deepEqual([state.handle, state.revision], [handle, revision]);
  });

  it('is told if nodes refuse to give the state, and nothing new is enrolled', async () => {
    const patient = await network.party('patient');
    await commitEpochs(patient, 2);
    const device = await furtherDevice(network, patient);
    const lied = lyingTo(network, device, {
      apply: async () => await Promise.reject(new Error('asked the authority again')),
      submit: async () => await Promise.reject(new Error('no')),
    });
    await assert.rejects(preparePatient(lied, AT), /^Error: no$/);
    await assert.rejects(readPatientState(device), failsWith('NOT_FOUND'));
  });

  it('applies again if the authority’s answer was lost before nodes kept anything', async () => {
    const patient = await network.party('patient', { enrolled: false });
    const state = await preparePatient(patient, AT);
    assert.equal(await epochOf(patient), 1);
    const { party } = await confirmFacts(patient, { party: patient.address });
    assert.equal(party?.handle, state.handle);
  });

  it('is refused as somebody who has another role already', async () => {
    const doctor = await network.party('doctor');
    await assert.rejects(preparePatient(doctor, AT), failsWith('ENROLMENT_REFUSED'));
  });
});
