import { it } from 'node:test';
import { syntheaAbsent, syntheaPatients } from '../fhir/test/synthea.ts';
import { restoredPatientCases } from './restoredPatient.cases.ts';

// The first two are in the quick test.
if (syntheaAbsent === false) restoredPatientCases(syntheaPatients().slice(2));
else it('restores the other Synthea patients', { skip: syntheaAbsent });
