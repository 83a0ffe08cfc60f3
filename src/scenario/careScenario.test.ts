import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createValidator } from '../fhir/createValidator.ts';
import { DEMO_PATIENTS } from '../fhir/demo/demoPatients.ts';
import { makeDemoBundle } from '../fhir/demo/makeDemoBundle.ts';
import { loadFhirDefinitions } from '../node/loadFhirDefinitions.ts';
import {
  BEGIN,
  ORGANISATIONS,
  seededRandom,
  startTestNetwork,
  type TestNetwork,
} from '../node/test/testNetwork.ts';
import type { CareCast, CastMember } from './Cast.ts';
import { careScenario } from './careScenario.ts';
import { StepRunner } from './StepRunner.ts';

const [HOSPITAL, LABORATORY] = ORGANISATIONS;
const validator = createValidator(loadFhirDefinitions());
let network: TestNetwork;
let cast: CareCast;
before(async () => {
  const further = ['prescriptions', 'vitalRecords'] as const;
  network = await startTestNetwork({ seed: 'care', further });
  cast = {
    patient: await actor('patient', 'patient'),
    doctor: await actor('doctor', 'doctor'),
    specialist: await actor('specialist', 'doctor'),
    pharmacies: [
      await actor('pharmacist', 'pharmacist'),
      await actor('pharmacist-2', 'pharmacist'),
    ],
    child: await actor('child', 'patient'),
    registrar: await actor('registrar', 'registrar', LABORATORY),
  };
});
after(async () => await network.close());

async function actor(
  name: string,
  role: CastMember['role'],
  organisation: CastMember['organisation'] = HOSPITAL,
): Promise<CastMember> {
  const party = await network.party(role, { organisation, enrolled: false });
  return { name, role, organisation, party, fresh: true };
}

async function play(): Promise<StepRunner> {
  const [invented] = DEMO_PATIENTS;
  assert.ok(invented !== undefined);
  const bundle = makeDemoBundle({ random: seededRandom('visit'), at: BEGIN, patient: invented });
  const runner = new StepRunner(
    () => 0,
    () => undefined,
  );
  await careScenario(runner, cast, bundle, validator);
  for (const { name, outcome, expected } of runner.results) assert.equal(outcome, expected, name);
  assert.deepEqual(network.failures, []);
  return runner;
}

function refusals({ results }: StepRunner): readonly (readonly [string, string | undefined])[] {
  const refused = results.filter(({ outcome }) => outcome === 'refused');
  return refused.map(({ name, code }) => [name, code]);
}

const DENIALS = [
  ['Another doctor looks at the chart', 'RIGHT_MISSING'],
  ['The other doctor relies on the right of before', 'RIGHT_ENDED'],
  ['The patient gives a right that the denial forbids', 'RIGHT_DENIED'],
  ['The other doctor looks after that', 'RIGHT_ENDED'],
  ['A doctor without the right to add prescribes', 'RIGHT_MISSING'],
  ['Another pharmacy dispenses more than is left', 'RULE_REFUSED'],
  ['A doctor dispenses', 'RIGHT_MISSING'],
  ['A pharmacy dispenses what was passed on', 'SLIP_REPLACED'],
  ['Another doctor cancels it', 'RIGHT_MISSING'],
  ['A pharmacy dispenses after that', 'RULE_REFUSED'],
  ['A doctor registers a birth', 'RULE_REFUSED'],
  ['Another birth is registered for the same child', 'RULE_REFUSED'],
  ['The same doctor confirms it', 'RULE_REFUSED'],
  ['A registrar confirms what the patient objected to', 'NOT_FOUND'],
  ['The patient’s will is changed after that', 'RULE_REFUSED'],
  ['The doctor adds a note to the chart of the dead', 'CHART_FROZEN'],
  ['The doctor, whom the will does not name, looks', 'RIGHT_ENDED'],
  ['The other doctor undoes it in place of the registrar', 'ARGUMENT_INVALID'],
];

describe('the care scenario', () => {
  it('is played from a visit to a death, with what must be refused', async () => {
    assert.deepEqual(refusals(await play()), DENIALS);
  });
});
