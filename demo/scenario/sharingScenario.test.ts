import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Party } from '../../src/client/party/Party.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import { submitEvidence } from '../../src/client/agent/submit.ts';
import { DEMO_PATIENTS } from '../charts/demoPatients.ts';
import { makeDemoBundle } from '../charts/makeDemoBundle.ts';
import { syntheaAbsent, syntheaPatients } from '../../src/fhir/test/synthea.ts';
import { behind, seededRandom } from '../../src/node/test/testNetwork.ts';
import { bytesToHex } from '../../src/crypto/bytes.ts';
import type { AgentPort } from '../../src/protocol/AgentPort.ts';
import { seconds } from '../../src/protocol/Clock.ts';
import { ZERO32 } from '../../src/protocol/ids.ts';
import type { CastMember, Cast } from './Cast.ts';
import { sharingScenario } from './sharingScenario.ts';
import { StepRunner, UnexpectedOutcome, type StepResult } from './StepRunner.ts';
import {
  assertAllAsExpected,
  setSharingStage,
  STEPS,
  type SharingStage,
} from './test/sharingStage.ts';

let stage: SharingStage;

before(async () => {
  stage = await setSharingStage();
});
after(async () => await stage.close());

/** Someone of the cast behind an agent that answers otherwise. */
function deceived({ party, ...rest }: CastMember, answers: Partial<AgentPort>): CastMember {
  return { ...rest, party: behind(party, answers) };
}

function demoBundle(seed = 'bundle'): unknown {
  const [patient] = DEMO_PATIENTS;
  assert.ok(patient !== undefined);
  return makeDemoBundle({ random: seededRandom(seed), at: 1_800_000_000, patient });
}

describe('the scenario of P2', () => {
  it('goes as the paper has it on an invented patient', async () => {
    assertAllAsExpected(await stage.play(demoBundle()));
  });

  it('finds the Synthea patients', { skip: syntheaAbsent }, () => {
    assert.equal(syntheaPatients().length, 7);
  });

  // The others are in the slow test.
  for (const [name, bundle] of syntheaPatients().slice(0, 1)) {
    it(`goes as the paper has it on Synthea’s ${name}`, async () => {
      assertAllAsExpected(await stage.play(bundle));
    });
  }

  it('leaves out enrolment for those who are enrolled', async () => {
    const cast = await stage.freshCast();
    await stage.play(demoBundle('first visit'), cast);
    const again: Cast = {
      patient: { ...cast.patient, fresh: false },
      doctor: { ...cast.doctor, fresh: false },
      specialist: await stage.actor('specialist', 'doctor'),
    };
    const results = await stage.play(demoBundle('second visit'), again);
    assert.deepEqual(
      results.map(({ paper }) => paper),
      STEPS.map(([paper]) => paper).filter((_, place) => ![0, 1, 3].includes(place)),
    );
  });

  it('stops at a bundle that is not valid, and says where', async () => {
    const cast = await stage.freshCast();
    const told: StepResult[] = [];
    const runner = new StepRunner(
      () => 0,
      (result) => told.push(result),
    );
    const bundle = { resourceType: 'Bundle', type: 'collection', entry: [{ resource: {} }] };
    await assert.rejects(sharingScenario(runner, cast, bundle, stage.validator), UnexpectedOutcome);
    const last = told.at(-1);
    assert.deepEqual(
      [last?.paper, last?.outcome, last?.expected, last?.code],
      ['P2.2', 'refused', 'accepted', 'FHIR_INVALID'],
    );
  });

  it('stops where the other doctor is let in before there is a right', async () => {
    const cast = await stage.freshCast();
    const { patient, specialist } = cast;
    const early = {
      ...cast,
      // The patient's own view is shown to everyone who asks.
      specialist: deceived(specialist, {
        submit: async () => await answerFor(patient.party),
      }),
    };
    await assertStops(early, 'P2 denial', 'EVIDENCE_INVALID');
  });

  it('stops where a sealed file comes back altered', async () => {
    const cast = await stage.freshCast();
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
  await assert.rejects(
    sharingScenario(runner, cast, demoBundle(), stage.validator),
    UnexpectedOutcome,
  );
  const last = told.at(-1);
  assert.deepEqual([last?.paper, last?.outcome, last?.code], [paper, 'refused', code]);
  for (const { outcome, expected } of told.slice(0, -1)) assert.equal(outcome, expected);
}

/** Returns an agent's answer to the patient's own view of the chart. */
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
