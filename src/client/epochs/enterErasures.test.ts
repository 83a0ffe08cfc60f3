import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { furtherDevice } from '../../node/test/furtherDevice.ts';
import { acceptedErase } from '../../protocol/rights/acceptedErase.ts';
import {
  behind,
  ORGANISATIONS,
  startTestNetwork,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import { parseBody } from '../../protocol/evidence/parseBody.ts';
import type { Erase } from '../../protocol/struct/requests.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { addOwn } from '../../services/test/erased.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState } from '../state/PatientState.ts';
import { restorePatient } from '../state/restorePatient.ts';
import { commitEpochs } from './commitEpochs.ts';
import { eraseKeys } from './eraseKeys.ts';
import { refreshPackets } from './refreshPackets.ts';

let network: TestNetwork;
before(async () => {
  network = await startTestNetwork();
});
after(async () => await network.close());

/** The erasures of a patient in the logs, as the insurer has them. */
async function erasuresOf(patient: Party): Promise<readonly Erase[]> {
  for (const name of ORGANISATIONS) await network.checkpoint(name);
  const { handle } = await readPatientState(patient);
  const found: Erase[] = [];
  for (const log of network.services('insurer').logs.values()) {
    for (const entry of await log.readAt(log.erasures(handle))) {
      const erase = entry && acceptedErase(parseBody(entry.body));
      if (erase !== undefined) found.push(erase);
    }
  }
  return found;
}

async function patientWithRecord(): Promise<Party> {
  const patient = await network.party('patient');
  await commitEpochs(patient, 2);
  await addOwn(patient, 'imaging');
  return patient;
}

/** The party at an agent that does not pass erasures on. */
function dropping(patient: Party): Party {
  return behind(patient, {
    submit: async (submissions: readonly Submission[]) => {
      const isErasure = submissions.some(({ request }) => request.type === 'Erase');
      return isErasure ? [] : await patient.agent.submit(submissions);
    },
  });
}

describe('an erasure that the log does not have yet', () => {
  // @attack an agent drops an erasure | the device knows that it is due, and enters it at another
  it('is due until a log has it, and is entered by another agent', async () => {
    const patient = await patientWithRecord();
    await assert.rejects(eraseKeys(dropping(patient), 'imaging'), failsWith('PEER_MALFORMED'));
    const epoch = (await readPatientState(patient)).erasing?.imaging;
    assert.ok(epoch !== undefined);
    await assert.rejects(refreshPackets(dropping(patient)), failsWith('PEER_MALFORMED'));
    await refreshPackets({
      ...patient,
      agent: network.agent('laboratory'),
      log: 'care/laboratory',
    });
    assert.deepEqual((await readPatientState(patient)).erasing, {});
    const [found] = await erasuresOf(patient);
    assert.deepEqual(
      [found?.log, found?.category, found?.epoch],
      ['care/laboratory', 'imaging', epoch],
    );
  });

  it('is entered by another device of the patient, once', async () => {
    const patient = await patientWithRecord();
    const phone = await furtherDevice(network, patient);
    await assert.rejects(eraseKeys(dropping(patient), 'imaging'), failsWith('PEER_MALFORMED'));
    await restorePatient(phone);
    await refreshPackets(phone);
    await refreshPackets(phone);
    await restorePatient(patient);
    await refreshPackets(patient);
    assert.equal((await erasuresOf(patient)).length, 1);
  });

  it('is not entered while its keys are there', async () => {
    const patient = await patientWithRecord();
    const { keyring } = await readPatientState(patient);
    const last = Math.max(...Object.keys(keyring.keys).map(Number));
    const state = await readPatientState(patient);
    await patient.device.write('patient', { ...state, erasing: { imaging: last } });
    await refreshPackets(patient);
    assert.deepEqual(await erasuresOf(patient), []);
  });
});
