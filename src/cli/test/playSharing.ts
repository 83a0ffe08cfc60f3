import assert from 'node:assert/strict';
import { createValidator } from '../../fhir/createValidator.ts';
import { DEMO_PATIENTS } from '../../../demo/charts/demoPatients.ts';
import { makeDemoBundle } from '../../../demo/charts/makeDemoBundle.ts';
import { loadFhirDefinitions } from '../../node/loadFhirDefinitions.ts';
import { seededRandom } from '../../node/test/testNetwork.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Cast } from '../../../demo/scenario/Cast.ts';
import { sharingScenario } from '../../../demo/scenario/sharingScenario.ts';
import { StepRunner } from '../../../demo/scenario/StepRunner.ts';

/**
 * Has a cast play the papers' scenario with the bundle of an invented patient.
 *
 * @param cast - The parties; each may be at another organisation.
 * @param seed - Words that the bundle follows from.
 */
export async function playSharing(cast: Cast, seed: string): Promise<void> {
  const [invented] = DEMO_PATIENTS;
  assert.ok(invented);
  const at = seconds(cast.patient.party.clock);
  const bundle = makeDemoBundle({ random: seededRandom(seed), at, patient: invented });
  const runner = new StepRunner(
    () => performance.now(),
    () => undefined,
  );
  await sharingScenario(runner, cast, bundle, createValidator(loadFhirDefinitions()));
  assert.ok(runner.results.length > 10);
}
