import { ORDINARY_CATEGORIES, type Category } from './vocabulary.ts';

/**
 * Of what a category tells beyond its name: the elements by which FHIR R4 has its resources name what is of other
 * categories, such as the diagnoses of a bill or the reason for a visit. Whoever grants a category grants this too, so
 * it is said where people grant; a resource that contains one of another category, which is not listed here, is not
 * sealed under its own.
 *
 * Every record may name the patient, and who took part in what it tells, where.
 *
 * @param category - A category.
 * @returns Other categories; all ordinary ones for what can hold anything.
 */
export function alsoTold(category: Category): readonly Category[] {
  const told = ANYTHING.includes(category) ? ORDINARY_CATEGORIES : (TOLD[category] ?? []);
  return told.filter((other) => other !== category);
}

/**
 * What categories told of others in the charts of seven synthetic patients (Synthea): of their diagnoses, procedures and
 * medicines, how many stood there by code or name. What is not here told none.
 */
export const TOLD_IN_TRIAL: Readonly<
  Partial<Record<Category, Readonly<Partial<Record<Category, string>>>>>
> = {
  billing: { conditions: '37 of 37', procedures: '25 of 25' },
  encounters: { conditions: '18 of 37' },
  procedures: { conditions: '8 of 37' },
  imaging: { procedures: '2 of 25' },
  'vital-records': { conditions: '1 of 37' },
};

/** Documents and their sections, questionnaires and messages, and what was labelled whatever it is. */
const ANYTHING: readonly Category[] = ['reports', 'other', 'sensitive'];

const TOLD: Readonly<Partial<Record<Category, readonly Category[]>>> = {
  // Encounter.reasonCode, .diagnosis; Appointment.reasonCode; what sort of visit it was.
  encounters: ['conditions', 'procedures'],
  // AllergyIntolerance.code, .reaction; AdverseEvent.event, .suspectEntity.
  allergies: ['conditions', 'medications'],
  // MedicationRequest.reasonCode and those like it.
  medications: ['conditions'],
  // ImagingStudy.reasonCode, .procedureCode.
  imaging: ['conditions', 'procedures'],
  // Procedure.reasonCode, .complication; ServiceRequest.reasonCode.
  procedures: ['conditions'],
  // CarePlan.addresses, .activity; Goal.addresses; CareTeam.reasonCode.
  plans: ['conditions', 'medications', 'procedures'],
  // CoverageEligibilityRequest.item: .diagnosis, .productOrService.
  coverage: ['conditions', 'procedures'],
  // Claim.diagnosis, .procedure, .item.productOrService, and what an ExplanationOfBenefit repeats of it.
  billing: [
    'encounters',
    'conditions',
    'medications',
    'immunizations',
    'laboratory',
    'imaging',
    'procedures',
    'plans',
    'coverage',
  ],
  // The cause of death.
  'vital-records': ['conditions'],
};
