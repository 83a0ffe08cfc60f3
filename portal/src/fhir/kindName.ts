import { elementText } from './elementText.ts';
import type { FhirWord, Said } from './Said.ts';

/** The kinds of resources that have a word of ours. */
const NAMED = [
  'Patient',
  'Practitioner',
  'Organization',
  'Location',
  'RelatedPerson',
  'Condition',
  'AllergyIntolerance',
  'Medication',
  'MedicationRequest',
  'MedicationStatement',
  'MedicationAdministration',
  'MedicationDispense',
  'Observation',
  'DiagnosticReport',
  'DocumentReference',
  'Encounter',
  'Procedure',
  'Immunization',
  'CarePlan',
  'CareTeam',
  'Goal',
  'Claim',
  'ClaimResponse',
  'ExplanationOfBenefit',
  'Coverage',
  'ImagingStudy',
  'Media',
  'ServiceRequest',
  'Device',
  'Specimen',
  'FamilyMemberHistory',
  'Appointment',
  'Composition',
  'Consent',
  'Communication',
  'QuestionnaireResponse',
  'Provenance',
  'Binary',
  'Task',
  'List',
  'Flag',
  'RiskAssessment',
] as const;
const WORDS: Readonly<Record<string, FhirWord>> = Object.fromEntries(
  NAMED.map((kind) => [kind, `fhir.kind_${kind}`] as const),
);

/**
 * The name of a kind of resource: our word, or the words of FHIR's own name.
 *
 * @param kind - A resource type, or anything.
 */
export function kindName(kind: unknown): Said {
  if (typeof kind === 'string' && Object.hasOwn(WORDS, kind))
    return { word: WORDS[kind] ?? 'fhir.kind_unknown' };
  return elementText(kind) || { word: 'fhir.kind_unknown' };
}
