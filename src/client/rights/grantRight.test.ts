import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import { everything, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import type { Party } from '../party/Party.ts';
import { lyingTo } from '../test/lyingTo.ts';
import { readPatientState } from '../state/PatientState.ts';
import { grantRight } from './grantRight.ts';
import { listGrants } from './listGrants.ts';
import { revokeRight } from './revokeRight.ts';

let network: TestNetwork;
before(async () => {
  network = await startTestNetwork();
});
after(async () => await network.close());

interface Scene {
  readonly patient: Party;
  readonly doctor: Party;
  /** The patient at an agent that takes a grant, answers nothing, and sends it on when it is told to. */
  readonly cut: Party;
  readonly sendOn: () => Promise<unknown>;
}

async function scene(): Promise<Scene> {
  const patient = await network.party('patient');
  const doctor = await network.party('doctor');
  await commitEpochs(patient, 4);
  const held: Submission[][] = [];
  const cut = lyingTo(network, patient, {
    async submit(submissions) {
      if (submissions.every(({ request }) => request.type !== 'Grant')) {
        return await patient.agent.submit(submissions);
      }
      held.push([...submissions]);
      throw new MedsealError('PEER_UNREACHABLE', { peer: 'hospital' });
    },
  });
  const sendOn = async (): Promise<unknown> =>
    await Promise.all(held.map(async (each) => await patient.agent.submit(each)));
  return { patient, doctor, cut, sendOn };
}

describe('a right whose giving was cut off', () => {
  it('is the same one when it is given again, also if the first comes later', async () => {
    const { patient, doctor, cut, sendOn } = await scene();
    const right = everything(doctor);
    await assert.rejects(grantRight(cut, right), failsWith('PEER_UNREACHABLE'));
    const [first] = (await readPatientState(patient)).grants;
    const { digest } = await grantRight(patient, right);
    assert.equal(digest, first?.digest);
    assert.equal((await readPatientState(patient)).grants.length, 1);
    await sendOn();
    assert.deepEqual(
      (await listGrants(patient)).map((each) => each.digest),
      [digest],
    );
  });

  it('is another one if it differs from the first, or the first can no longer be placed', async () => {
    const { patient, doctor, cut, sendOn } = await scene();
    const right = everything(doctor);
    await assert.rejects(grantRight(cut, right), failsWith('PEER_UNREACHABLE'));
    const read = await grantRight(patient, { ...right, actions: ['read'] });
    network.clock.advance(301_000);
    const again = await grantRight(patient, right);
    await sendOn();
    assert.deepEqual(
      (await listGrants(patient)).map((each) => each.digest).toSorted(),
      [read.digest, again.digest].toSorted(),
    );
  });

  it('is another one if the first was placed and ended since', async () => {
    const { patient, doctor, cut, sendOn } = await scene();
    const right = everything(doctor);
    await assert.rejects(grantRight(cut, right), failsWith('PEER_UNREACHABLE'));
    await sendOn();
    const [first] = await listGrants(patient);
    await revokeRight(patient, first?.digest ?? '0x');
    const { digest } = await grantRight(patient, right);
    assert.deepEqual(
      (await listGrants(patient)).map((each) => each.digest),
      [digest],
    );
  });
});
