import { it } from 'node:test';
import { syntheaAbsent, syntheaPatients } from '../../src/fhir/test/synthea.ts';
import { restoredPatientCases } from './restoredPatient.cases.ts';

if (syntheaAbsent === false) restoredPatientCases(syntheaPatients());
else it('restores the Synthea patients', { skip: syntheaAbsent });
