import { DEMO_PATIENTS } from '../charts/demoPatients.ts';
import { makeDemoBundle } from '../charts/makeDemoBundle.ts';
import { seededRandom } from '../../src/node/test/testNetwork.ts';
import { restoredPatientCases } from './restoredPatient.cases.ts';

const random = seededRandom('restored');

// Those of Synthea, who have lived longer, are in the slow test.
restoredPatientCases(
  DEMO_PATIENTS.slice(0, 2).map((patient) => [
    patient.family,
    makeDemoBundle({ random, at: 1_800_000_000, patient }),
  ]),
);
