import type { ResourceType } from '@medplum/fhirtypes';
import type { RecordType } from '../protocol/struct/recordTypes.ts';
import { BIRTH_CERTIFICATES, DEATH_CERTIFICATES } from './certificateCodes.ts';

/** The code system by which a document that is not FHIR says which resource it stands for. */
export const RESOURCE_TYPES = 'http://hl7.org/fhir/resource-types';

/** Elements that a record of a type must have, beyond those that FHIR R4 asks for. */
export interface RecordProfile {
  /** The resource that makes it a record of this type. */
  readonly types: readonly [ResourceType, ...ResourceType[]];
  /** LOINC codes, one of which is its `type`; any if absent. */
  readonly codes?: readonly [string, ...string[]];
  /** Elements of that resource: of each list, one must be there. */
  readonly elements: readonly (readonly string[])[];
  /** Elements of the Patient beside it: of each list, one must be there. */
  readonly patient?: readonly (readonly string[])[];
}

/** The profile of each type of records. */
export const PROFILES: Readonly<Record<RecordType, RecordProfile>> = {
  medication: {
    types: [
      'MedicationRequest',
      'MedicationDispense',
      'MedicationAdministration',
      'MedicationStatement',
    ],
    elements: [['medicationCodeableConcept', 'medicationReference'], ['subject']],
  },
  report: {
    types: ['DiagnosticReport'],
    elements: [['subject'], ['effectiveDateTime', 'effectivePeriod', 'issued']],
  },
  bill: {
    types: ['Invoice', 'Claim', 'ClaimResponse', 'ExplanationOfBenefit'],
    elements: [
      ['subject', 'patient'],
      ['totalGross', 'totalNet', 'total', 'item', 'lineItem'],
    ],
  },
  policy: {
    types: ['Coverage'],
    elements: [['beneficiary'], ['payor'], ['period'], ['subscriberId', 'identifier']],
  },
  birth: {
    types: ['Composition'],
    codes: BIRTH_CERTIFICATES,
    elements: [['subject']],
    patient: [['birthDate']],
  },
  death: {
    types: ['Composition'],
    codes: DEATH_CERTIFICATES,
    elements: [['subject']],
    patient: [['deceasedDateTime']],
  },
};
