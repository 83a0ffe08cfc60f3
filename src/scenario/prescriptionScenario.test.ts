import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { commitEpochs } from '../client/epochs/commitEpochs.ts';
import { startTestNetwork, type TestNetwork } from '../node/test/testNetwork.ts';
import type { CastMember } from './Cast.ts';
import { prescriptionScenario } from './prescriptionScenario.ts';
import { StepRunner } from './StepRunner.ts';

let network: TestNetwork;
before(async () => {
  network = await startTestNetwork({ seed: 'pharmacies', further: ['prescriptions'] });
});
after(async () => await network.close());

async function actor(name: string, role: CastMember['role']): Promise<CastMember> {
  const party = await network.party(role);
  return { name, role, organisation: 'hospital', party, fresh: false };
}

const DENIALS = [
  ['A doctor without the right to add prescribes', 'RIGHT_MISSING'],
  ['Another pharmacy dispenses more than is left', 'RULE_REFUSED'],
  ['A doctor dispenses', 'RIGHT_MISSING'],
  ['A pharmacy dispenses what was passed on', 'SLIP_REPLACED'],
  ['Another doctor cancels it', 'RIGHT_MISSING'],
  ['A pharmacy dispenses after that', 'RULE_REFUSED'],
];

describe('a prescription', () => {
  it('is played, with what must be refused', async () => {
    const patient = await actor('patient', 'patient');
    await commitEpochs(patient.party, 3);
    const cast = {
      patient,
      doctor: await actor('doctor', 'doctor'),
      specialist: await actor('specialist', 'doctor'),
    };
    const runner = new StepRunner(
      () => 0,
      () => undefined,
    );
    await prescriptionScenario(runner, cast, [
      await actor('pharmacist', 'pharmacist'),
      await actor('pharmacist-2', 'pharmacist'),
    ]);
    for (const { name, outcome, expected } of runner.results) assert.equal(outcome, expected, name);
    const refused = runner.results.filter(({ outcome }) => outcome === 'refused');
    assert.deepEqual(
      refused.map(({ name, code }) => [name, code]),
      DENIALS,
    );
    assert.deepEqual(network.failures, []);
  });
});
