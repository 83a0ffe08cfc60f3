import { DEMO_PATIENTS } from '../fhir/demo/demoPatients.ts';
import { makeDemoBundle } from '../fhir/demo/makeDemoBundle.ts';
import { syntheaPatients } from '../fhir/test/synthea.ts';
import { seededRandom } from '../node/test/testNetwork.ts';
import { restoredPatientCases } from './restoredPatient.cases.ts';

/** Two Synthea patients where they are there, else two invented ones. */
function bundles(): [string, unknown][] {
  const synthea = syntheaPatients().slice(0, 2);
  if (synthea.length === 2) return synthea;
  const random = seededRandom('restored');
  return DEMO_PATIENTS.slice(0, 2).map((patient) => [
    patient.family,
    makeDemoBundle({ random, at: 1_800_000_000, patient }),
  ]);
}

restoredPatientCases(bundles());
