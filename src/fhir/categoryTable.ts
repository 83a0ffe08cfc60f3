import type { ResourceType } from '@medplum/fhirtypes';
import type { Category } from '../protocol/vocabulary.ts';
import { BIRTH_CERTIFICATES, DEATH_CERTIFICATES } from './certificateCodes.ts';
import { IMAGING_CODES, LABORATORY_CODES, VITAL_SIGN_CODES } from './loincCodes.ts';

/** Sorts resources of one type, by an element that they carry, into another category than the type's own. */
export interface CodeRow {
  readonly type: ResourceType;
  /** The element: a CodeableConcept or several, or what is enough if it is there. */
  readonly element: 'category' | 'code' | 'type' | 'specimen';
  /** The code system, or undefined if servers are known to name the same codes under several. */
  readonly system?: string | undefined;
  /** Any of them is enough; undefined if the element is. */
  readonly codes?: readonly string[];
  readonly category: Category;
}

/**
 * Resource types of each category. A type that is not listed is of category `other`, so that nothing becomes readable
 * under a grant that was not meant for it.
 *
 * The six transaction types of Amanat et al. (2022) are here as *medications*, *reports* (diagnostic reports),
 * *billing* (bills), *coverage* (insurance policies) and *vital-records* (birth and death records).
 */
export const TYPES_OF: Readonly<Record<Category, readonly ResourceType[]>> = {
  demographics: ['Patient', 'Person', 'RelatedPerson', 'Group', 'Linkage'],
  // A visit, and who took part in it and where: a practitioner's speciality says what a visit was about.
  encounters: [
    'Encounter',
    'EpisodeOfCare',
    'Appointment',
    'AppointmentResponse',
    'Schedule',
    'Slot',
    'Practitioner',
    'PractitionerRole',
    'Organization',
    'OrganizationAffiliation',
    'Location',
    'HealthcareService',
    'Endpoint',
  ],
  conditions: [
    'Condition',
    'ClinicalImpression',
    'DetectedIssue',
    'FamilyMemberHistory',
    'Flag',
    'RiskAssessment',
  ],
  allergies: ['AllergyIntolerance', 'AdverseEvent'],
  medications: [
    'Medication',
    'MedicationAdministration',
    'MedicationDispense',
    'MedicationKnowledge',
    'MedicationRequest',
    'MedicationStatement',
  ],
  immunizations: ['Immunization', 'ImmunizationEvaluation', 'ImmunizationRecommendation'],
  laboratory: ['Specimen', 'MolecularSequence', 'BiologicallyDerivedProduct'],
  vitals: ['DeviceMetric'],
  imaging: ['ImagingStudy', 'Media'],
  reports: ['DiagnosticReport', 'Composition', 'DocumentReference', 'DocumentManifest', 'Binary'],
  procedures: [
    'Procedure',
    'ServiceRequest',
    'Device',
    'DeviceRequest',
    'DeviceUseStatement',
    'BodyStructure',
    'SupplyDelivery',
    'SupplyRequest',
  ],
  plans: [
    'CarePlan',
    'CareTeam',
    'Goal',
    'NutritionOrder',
    'RequestGroup',
    'Task',
    'VisionPrescription',
  ],
  coverage: [
    'Coverage',
    'CoverageEligibilityRequest',
    'CoverageEligibilityResponse',
    'EnrollmentRequest',
    'EnrollmentResponse',
    'InsurancePlan',
  ],
  billing: [
    'Account',
    'ChargeItem',
    'ChargeItemDefinition',
    'Claim',
    'ClaimResponse',
    'ExplanationOfBenefit',
    'Invoice',
    'PaymentNotice',
    'PaymentReconciliation',
  ],
  // Birth and death records have no type of their own; their codes are below.
  'vital-records': [],
  // Said outright of what lies in a patient's compartment; everything unnamed joins them.
  other: [
    'Observation',
    'QuestionnaireResponse',
    'Communication',
    'CommunicationRequest',
    'Consent',
    'Contract',
    'Provenance',
    'AuditEvent',
    'ResearchSubject',
    'MeasureReport',
    'List',
    'Basic',
  ],
  // Nothing by its type: what is labelled so, whatever it is.
  sensitive: [],
};

/**
 * Types of participants, places, subjects and materials: every resource may name these, so containing one makes nothing
 * more of it than referring to it does.
 */
export const PARTICIPANTS: ReadonlySet<string> = new Set<ResourceType>([
  'Patient',
  'Person',
  'RelatedPerson',
  'Group',
  'Practitioner',
  'PractitionerRole',
  'Organization',
  'OrganizationAffiliation',
  'Location',
  'HealthcareService',
  'Endpoint',
  'Provenance',
  'Substance',
]);

/** Types that say little by themselves, and count as what they hold. */
export const WRAPPERS: ReadonlySet<string> = new Set<ResourceType>(['Bundle', 'List']);

const LOINC = 'http://loinc.org';
/** LOINC: cause, manner and moment of death. */
const DEATH = ['69453-9', '69449-7', '81956-5'];
/** LOINC: a diagnostic imaging study. */
const IMAGES = ['18748-4'];

/** Rows for types that are sorted by a code; the first row that fits decides, before the type does. */
export const CODE_ROWS: readonly CodeRow[] = [
  ...(['Composition', 'DocumentReference', 'DocumentManifest'] as const).map((type) => ({
    type,
    element: 'type' as const,
    system: LOINC,
    codes: [...DEATH_CERTIFICATES, ...BIRTH_CERTIFICATES],
    category: 'vital-records' as const,
  })),
  {
    type: 'Observation',
    element: 'code',
    system: LOINC,
    codes: DEATH,
    category: 'vital-records',
  },
  {
    type: 'DocumentReference',
    element: 'type',
    system: LOINC,
    codes: IMAGES,
    category: 'imaging',
  },
  // http://terminology.hl7.org/CodeSystem/observation-category; its social-history, survey, exam and activity stay
  // where an uncategorised observation is, for they can say anything.
  ...observations(['laboratory'], 'laboratory'),
  ...observations(['vital-signs', 'vital-sign'], 'vitals'), // the second is how Synthea spells it
  ...observations(['imaging'], 'imaging'),
  ...observations(['procedure', 'therapy'], 'procedures'),
  // If that says nothing: the code itself, and whether something was taken from the body.
  {
    type: 'Observation',
    element: 'code',
    system: LOINC,
    codes: LABORATORY_CODES,
    category: 'laboratory',
  },
  {
    type: 'Observation',
    element: 'code',
    system: LOINC,
    codes: VITAL_SIGN_CODES,
    category: 'vitals',
  },
  {
    type: 'Observation',
    element: 'code',
    system: LOINC,
    codes: IMAGING_CODES,
    category: 'imaging',
  },
  { type: 'Observation', element: 'specimen', category: 'laboratory' },
];

function observations(codes: readonly string[], category: Category): CodeRow[] {
  return [{ type: 'Observation', element: 'category', system: undefined, codes, category }];
}
