import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { openParty, type Party } from '../client/Party.ts';
import { readPatientState } from '../client/PatientState.ts';
import { submitEvidence } from '../client/submit.ts';
import { createValidator } from '../fhir/createValidator.ts';
import { DEMO_PATIENTS } from '../fhir/demo/demoPatients.ts';
import { makeDemoBundle } from '../fhir/demo/makeDemoBundle.ts';
import { syntheaAbsent, syntheaPatients } from '../fhir/test/synthea.ts';
import type { Validator } from '../fhir/Validator.ts';
import { loadFhirDefinitions } from '../node/loadFhirDefinitions.ts';
import { openNetwork, type RunningNetwork } from '../node/openNetwork.ts';
import { scratchFolder } from '../node/test/scratchFolder.ts';
import { memoryDevice } from '../client/memoryDevice.ts';
import { behind, seededRandom } from '../node/test/testNetwork.ts';
import { bytesToHex } from '../crypto/bytes.ts';
import type { AgentPort } from '../protocol/AgentPort.ts';
import { seconds } from '../protocol/Clock.ts';
import { ZERO32 } from '../protocol/ids.ts';
import type { Role } from '../protocol/vocabulary.ts';
import type { Actor, Cast } from './Cast.ts';
import { sharingScenario } from './sharingScenario.ts';
import { StepRunner, UnexpectedOutcome, type StepResult } from './StepRunner.ts';

let folder: string;
let network: RunningNetwork;
let validator: Validator;
const failures: unknown[] = [];

before(async () => {
  folder = await scratchFolder();
  network = await openNetwork({ folder, demo: true, onFailure: (error) => failures.push(error) });
  validator = createValidator(loadFhirDefinitions());
});
after(async () => {
  await network.close();
  assert.deepEqual(failures, []);
  await rm(folder, { recursive: true });
});

async function actor(name: string, role: Role): Promise<Actor> {
  const agent = network.agents.get('hospital');
  assert.ok(agent !== undefined);
  const party = await openParty({
    ...network.ports,
    seed: network.ports.random(32),
    network: network.file,
    agent,
    log: 'care/hospital',
    device: memoryDevice(),
  });
  return { name, role, organisation: 'hospital', party, fresh: true };
}

async function freshCast(): Promise<Cast> {
  return {
    patient: await actor('patient', 'patient'),
    doctor: await actor('doctor', 'doctor'),
    specialist: await actor('specialist', 'doctor'),
  };
}

/** Someone of the cast behind an agent that answers otherwise. */
function deceived({ party, ...rest }: Actor, answers: Partial<AgentPort>): Actor {
  return { ...rest, party: behind(party, answers) };
}

async function play(bundle: unknown, cast?: Cast): Promise<readonly StepResult[]> {
  const told: StepResult[] = [];
  const runner = new StepRunner(
    () => performance.now(),
    (result) => told.push(result),
  );
  try {
    await sharingScenario(runner, cast ?? (await freshCast()), bundle, validator);
  } finally {
    assert.deepEqual(told, runner.results);
  }
  return runner.results;
}

function demoBundle(seed = 'bundle'): unknown {
  const [patient] = DEMO_PATIENTS;
  assert.ok(patient !== undefined);
  return makeDemoBundle({ random: seededRandom(seed), at: 1_800_000_000, patient });
}

/** P2's thirteen steps, with enrolment before, denials between, and what this project adds. */
const STEPS = [
  ['P1 AAA', 'patient', 'accepted'],
  ['P1 AAA', 'doctor', 'accepted'],
  ['P1 AAA', 'specialist', 'accepted'],
  ['beyond P2', 'patient', 'accepted'],
  ['P2.1', 'patient', 'accepted'],
  ['P2.2', 'doctor', 'accepted'],
  ['P2.3', 'patient', 'accepted'],
  ['P2.4', 'doctor', 'accepted'],
  ['P2 denial', 'specialist', 'RIGHT_MISSING'],
  ['P2.5', 'patient', 'accepted'],
  ['P2.6', 'doctor', 'accepted'],
  ['P2.7', 'doctor', 'accepted'],
  ['P2.8', 'doctor', 'accepted'],
  ['P2.9', 'specialist', 'accepted'],
  ['P2.10', 'specialist', 'accepted'],
  ['P2.11', 'specialist', 'accepted'],
  ['P2.12', 'specialist', 'accepted'],
  ['P2.13', 'specialist', 'accepted'],
  ['P2 revoke', 'patient', 'accepted'],
  ['P2 denial', 'specialist', 'RIGHT_ENDED'],
  ['beyond P2', 'doctor', 'accepted'],
  ['beyond P2', 'specialist', 'KEY_PENDING'],
  ['beyond P2', 'patient', 'accepted'],
];

function assertAllAsExpected(results: readonly StepResult[]): void {
  assert.deepEqual(
    results.map(({ paper, party, outcome, code }) => [paper, party, code ?? outcome]),
    STEPS,
  );
  for (const { name, outcome, expected, ms } of results) {
    assert.equal(outcome, expected, name);
    assert.ok(ms >= 0);
  }
  // Every rule change names its transaction, every request its entry.
  const held = results.map(({ txHash, log, index }) => [txHash !== undefined, log, index ?? -1]);
  for (const paper of ['P1 AAA', 'P2.1', 'P2.5', 'P2.8', 'P2 revoke']) {
    const place = results.findIndex((result) => result.paper === paper);
    assert.equal(held[place]?.[0], true, paper);
  }
  for (const paper of ['P2.7', 'P2.9', 'P2.11', 'P2.13', 'P2 denial']) {
    const place = results.findIndex((result) => result.paper === paper);
    assert.equal(held[place]?.[1], 'care/hospital', paper);
    assert.ok(Number(held[place]?.[2]) >= 0, paper);
  }
}

describe('the scenario of P2', () => {
  it('goes as the paper has it on an invented patient', async () => {
    assertAllAsExpected(await play(demoBundle()));
  });

  it('finds the Synthea patients', { skip: syntheaAbsent }, () => {
    assert.equal(syntheaPatients().length, 7);
  });

  for (const [name, bundle] of syntheaPatients()) {
    it(`goes as the paper has it on Synthea’s ${name}`, async () => {
      assertAllAsExpected(await play(bundle));
    });
  }

  it('leaves out enrolment for those who are enrolled', async () => {
    const cast = await freshCast();
    await play(demoBundle('first visit'), cast);
    const again: Cast = {
      patient: { ...cast.patient, fresh: false },
      doctor: { ...cast.doctor, fresh: false },
      specialist: await actor('specialist', 'doctor'),
    };
    const results = await play(demoBundle('second visit'), again);
    assert.deepEqual(
      results.map(({ paper }) => paper),
      STEPS.map(([paper]) => paper).filter((_, place) => ![0, 1, 3].includes(place)),
    );
  });

  it('stops at a bundle that is not valid, and says where', async () => {
    const cast = await freshCast();
    const told: StepResult[] = [];
    const runner = new StepRunner(
      () => 0,
      (result) => told.push(result),
    );
    const bundle = { resourceType: 'Bundle', type: 'collection', entry: [{ resource: {} }] };
    await assert.rejects(sharingScenario(runner, cast, bundle, validator), UnexpectedOutcome);
    const last = told.at(-1);
    assert.deepEqual(
      [last?.paper, last?.outcome, last?.expected, last?.code],
      ['P2.2', 'refused', 'accepted', 'FHIR_INVALID'],
    );
  });

  it('stops where the other doctor is let in before there is a right', async () => {
    const cast = await freshCast();
    const { patient, specialist } = cast;
    const early = {
      ...cast,
      // What the patient may see is shown to whoever asks.
      specialist: deceived(specialist, {
        submit: async () => await answerFor(patient.party),
      }),
    };
    await assertStops(early, 'P2 denial', 'EVIDENCE_INVALID');
  });

  it('stops where a sealed file comes back altered', async () => {
    const cast = await freshCast();
    const { specialist } = cast;
    const { agent } = specialist.party;
    const altered = {
      ...cast,
      specialist: deceived(specialist, {
        async *download(ticket, hash) {
          for await (const part of agent.download(ticket, hash)) yield part.map((byte) => byte ^ 1);
        },
      }),
    };
    await assertStops(altered, 'P2.11', 'FILE_MISMATCH');
  });
});

async function assertStops(cast: Cast, paper: string, code: string): Promise<void> {
  const told: StepResult[] = [];
  const runner = new StepRunner(
    () => 0,
    (result) => told.push(result),
  );
  await assert.rejects(sharingScenario(runner, cast, demoBundle(), validator), UnexpectedOutcome);
  const last = told.at(-1);
  assert.deepEqual([last?.paper, last?.outcome, last?.code], [paper, 'refused', code]);
  for (const { outcome, expected } of told.slice(0, -1)) assert.equal(outcome, expected);
}

/** What an agent answers to the patient’s own view of the chart. */
async function answerFor(patient: Party): Promise<Awaited<ReturnType<AgentPort['submit']>>> {
  const { handle } = await readPatientState(patient);
  const outcome = await submitEvidence(patient, 'View', {
    log: patient.log,
    what: 'chart',
    handle,
    record: ZERO32,
    version: 0,
    grant: ZERO32,
    purpose: 'PATRQT',
    deadline: seconds(patient.clock) + 300,
    salt: bytesToHex(patient.random(16)),
  });
  return [outcome];
}
