import type { Organization, Patient, Practitioner, Reference } from '@medplum/fhirtypes';
import type { DemoEntries } from './DemoEntries.ts';
import type { DemoPatient } from './demoPatients.ts';

/** References to those who take part in every invented visit. */
export interface DemoCast {
  readonly subject: Reference<Patient>;
  readonly hospital: Reference<Organization>;
  readonly doctor: Reference<Practitioner>;
}

/**
 * Adds an invented patient, the hospital and the doctor.
 *
 * @param entries - The bundle's entries.
 * @param patient - The patient.
 */
export function addDemoCast(entries: DemoEntries, patient: DemoPatient): DemoCast {
  const { family, given, gender, birthDate } = patient;
  const name = [{ use: 'official' as const, family, given: [given] }];
  return {
    subject: entries.add<Patient>({ resourceType: 'Patient', name, gender, birthDate }),
    hospital: entries.add<Organization>({
      resourceType: 'Organization',
      active: true,
      name: 'Example Hospital',
    }),
    doctor: entries.add<Practitioner>({
      resourceType: 'Practitioner',
      name: [{ family: 'Brandt', given: ['Lena'], prefix: ['Dr.'] }],
    }),
  };
}
