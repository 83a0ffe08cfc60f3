import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { behind, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { addOwn } from '../../services/test/erased.ts';
import type { Party } from '../party/Party.ts';
import { checkpointing } from '../test/checkpointing.ts';
import { commitEpochs } from './commitEpochs.ts';
import { eraseKeys } from './eraseKeys.ts';
import { hasErasable } from './hasErasable.ts';

let network: TestNetwork;
before(async () => {
  network = await startTestNetwork();
});
after(async () => await network.close());

async function patientWith(...categories: readonly ('imaging' | 'vitals')[]): Promise<Party> {
  const patient = checkpointing(network, await network.party('patient'));
  await commitEpochs(patient, 2);
  for (const category of categories) await addOwn(patient, category);
  return patient;
}

describe('a category', () => {
  it('without records has nothing to erase, and has once there is one', async () => {
    const patient = await patientWith('vitals');
    assert.equal(await hasErasable(patient, 'imaging'), false);
    assert.equal(await hasErasable(patient, 'vitals'), true);
    await addOwn(patient, 'imaging');
    assert.equal(await hasErasable(patient, 'imaging'), true);
  });

  it('that was erased has nothing to erase, until a record is added', async () => {
    const patient = await patientWith('imaging', 'vitals');
    await eraseKeys(patient, 'imaging');
    assert.equal(await hasErasable(patient, 'imaging'), false);
    assert.equal(await hasErasable(patient, 'vitals'), true);
    await addOwn(patient, 'imaging');
    assert.equal(await hasErasable(patient, 'imaging'), true);
  });

  it('whose erasure no log has yet is not done with', async () => {
    const patient = await patientWith('imaging');
    const dropping = behind(patient, {
      submit: async (submissions: readonly Submission[]) => {
        const isErasure = submissions.some(({ request }) => request.type === 'Erase');
        return isErasure ? [] : await patient.agent.submit(submissions);
      },
    });
    await assert.rejects(eraseKeys(dropping, 'imaging'), failsWith('PEER_MALFORMED'));
    assert.equal(await hasErasable(patient, 'imaging'), true);
    await eraseKeys(patient, 'imaging');
    assert.equal(await hasErasable(patient, 'imaging'), false);
  });

  // @attack an agent hides the records of a category, so that the patient is told that there is nothing to erase | coordinators count what is on the chart; the erasure goes on
  it('whose records an agent leaves out of the chart counts as one with records', async () => {
    const patient = await patientWith('imaging');
    const hiding = behind(patient, {
      submit: async (submissions: readonly Submission[]) => {
        const outcomes = await patient.agent.submit(submissions);
        return outcomes.map((each) =>
          each.outcome === 'acknowledged' && each.release?.records
            ? { ...each, release: { ...each.release, records: [] } }
            : each,
        );
      },
    });
    assert.equal(await hasErasable(hiding, 'imaging'), true);
  });

  it('is a patient’s', async () => {
    const doctor = await network.party('doctor');
    await assert.rejects(hasErasable(doctor, 'imaging'), failsWith('NOT_FOUND'));
  });
});
