import { ORDINARY_CATEGORIES, type Category } from '../vocabulary.ts';

/**
 * Returns the categories whose content a category also reveals: FHIR R4 resources have elements that name content of
 * other categories, such as the diagnoses of a bill or the reason for a visit. A grant of the category gives this too,
 * so people are told when they grant. A resource that contains one of another category, which is not listed here, is
 * not sealed under its own category.
 *
 * Every record may name the patient, the people who took part, and the place.
 *
 * @param category - A category.
 * @returns Other categories; all ordinary ones for a category that can hold anything.
 */
export function alsoTold(category: Category): readonly Category[] {
  const told = ANYTHING.includes(category) ? ORDINARY_CATEGORIES : (TOLD[category] ?? []);
  return told.filter((other) => other !== category);
}

/**
 * Content of other categories that categories revealed in the charts of seven synthetic patients (Synthea): number of
 * their diagnoses, procedures and medicines that were there by code or name. Pairs that are not listed revealed
 * nothing.
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

/** Documents and their sections, questionnaires and messages, and labelled content of any kind. */
const ANYTHING: readonly Category[] = ['reports', 'other', 'sensitive'];

const TOLD: Readonly<Partial<Record<Category, readonly Category[]>>> = {
  // Encounter.reasonCode, .diagnosis; Appointment.reasonCode; the sort of visit.
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
  // Claim.diagnosis, .procedure, .item.productOrService, and their copies in an ExplanationOfBenefit.
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
