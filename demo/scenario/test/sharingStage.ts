import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { openParty } from '../../../src/client/party/Party.ts';
import { memoryDevice } from '../../../src/client/party/memoryDevice.ts';
import { createValidator } from '../../../src/fhir/createValidator.ts';
import type { Validator } from '../../../src/fhir/Validator.ts';
import { loadFhirDefinitions } from '../../../src/node/loadFhirDefinitions.ts';
import { openNetwork } from '../../../src/node/openNetwork.ts';
import { scratchFolder } from '../../../src/node/test/scratchFolder.ts';
import type { Role } from '../../../src/protocol/vocabulary.ts';
import type { CastMember, Cast } from '../Cast.ts';
import { sharingScenario } from '../sharingScenario.ts';
import { StepRunner, type StepResult } from '../StepRunner.ts';

/** A network that the scenario of P2 is played on, with a cast of its own each time. */
export interface SharingStage {
  readonly validator: Validator;
  /** Someone who is not enrolled yet. */
  actor(name: string, role: Role): Promise<CastMember>;
  freshCast(): Promise<Cast>;
  /** Plays the scenario, with a fresh cast if none is given. */
  play(bundle: unknown, cast?: Cast): Promise<readonly StepResult[]>;
  /** Ends it; nothing may have failed in the background. */
  close(): Promise<void>;
}

/** Opens a network for the scenario of P2. */
export async function setSharingStage(): Promise<SharingStage> {
  const failures: unknown[] = [];
  const folder = await scratchFolder();
  const onFailure = (error: unknown): void => void failures.push(error);
  const network = await openNetwork({ folder, demo: true, onFailure });
  const validator = createValidator(loadFhirDefinitions());
  const stage: SharingStage = {
    validator,
    async actor(name, role) {
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
    },
    freshCast: async () => ({
      patient: await stage.actor('patient', 'patient'),
      doctor: await stage.actor('doctor', 'doctor'),
      specialist: await stage.actor('specialist', 'doctor'),
    }),
    async play(bundle, cast) {
      const told: StepResult[] = [];
      const runner = new StepRunner(
        () => performance.now(),
        (result) => told.push(result),
      );
      try {
        await sharingScenario(runner, cast ?? (await stage.freshCast()), bundle, validator);
      } finally {
        assert.deepEqual(told, runner.results);
      }
      return runner.results;
    },
    async close() {
      await network.close();
      assert.deepEqual(failures, []);
      await rm(folder, { recursive: true });
    },
  };
  return stage;
}

/** P2's thirteen steps, with enrolment before, denials between, and what this project adds. */
export const STEPS = [
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
  ['beyond P2', 'specialist', 'accepted'],
  ['P2 revoke', 'patient', 'accepted'],
  ['P2 denial', 'specialist', 'RIGHT_ENDED'],
  ['beyond P2', 'doctor', 'accepted'],
  ['beyond P2', 'specialist', 'KEY_PENDING'],
  ['beyond P2', 'patient', 'accepted'],
  ['P3 denial', 'specialist', 'RIGHT_MISSING'],
  ['P3.9', 'specialist', 'accepted'],
];

/** Asserts that every step went as the paper has it. */
export function assertAllAsExpected(results: readonly StepResult[]): void {
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
