import type { AllergyIntolerance, CodeableConcept } from '@medplum/fhirtypes';
import { NO_KNOWN_ALLERGY, SNOMED, type NoKnownAllergy } from '../noKnownAllergy.ts';
import type { ClinicalForm } from './ClinicalForm.ts';
import { codedText, codeFault, codeFields } from './codeSystems.ts';
import type { FormField, FormValues } from './FormField.ts';
import { FORM_CATEGORIES } from './formNames.ts';
import { dayOf, hl7Concept, NOTE_FIELD, noteOf, partyReference, patientOf } from './formParts.ts';

/** Fields that only an allergy has. */
const OF_ALLERGY: readonly FormField[] = [
  { name: 'substance', type: 'text', longest: 200, required: true },
  { name: 'criticality', type: 'choice', choices: ['high', 'low', 'unable-to-assess'] },
  { name: 'reaction', type: 'text', longest: 200 },
  { name: 'severity', type: 'choice', choices: ['mild', 'moderate', 'severe'] },
  {
    name: 'certainty',
    type: 'choice',
    choices: ['confirmed', 'unconfirmed', 'refuted'],
    first: 'confirmed',
    rare: true,
  },
  {
    name: 'status',
    type: 'choice',
    choices: ['active', 'inactive', 'resolved'],
    first: 'active',
    rare: true,
  },
  { name: 'kind', type: 'choice', choices: ['allergy', 'intolerance'], rare: true },
  {
    name: 'group',
    type: 'choice',
    choices: ['medication', 'food', 'environment', 'biologic'],
    rare: true,
  },
  ...codeFields('ATC', 'SNOMED CT', 'RxNorm'),
  { name: 'began', type: 'partial', rare: true },
];

/** An allergy or intolerance, or the statement that none is known. */
export const ALLERGY_FORM: ClinicalForm = {
  category: FORM_CATEGORIES.allergy,
  fields: [
    {
      name: 'known',
      type: 'choice',
      choices: ['allergy', ...Object.keys(NO_KNOWN_ALLERGY)],
      first: 'allergy',
    },
    ...OF_ALLERGY.map((field) => ({ ...field, only: ['known', 'allergy'] as const })),
    NOTE_FIELD,
  ],
  check: (values) => {
    const { severity, reaction } = values;
    if (severity !== undefined && reaction === undefined) {
      return { field: 'reaction', fault: 'missing' };
    }
    return codeFault(values);
  },
  make: (values, { handle, at, author }) => {
    const { certainty = 'confirmed', status = 'active', kind, group, criticality } = values;
    const { reaction, severity, began, note } = values;
    const told = {
      ...(kind && { type: kind }),
      ...(group && { category: [group] }),
      ...(criticality && { criticality }),
    } as Pick<AllergyIntolerance, 'type' | 'category' | 'criticality'>;
    return [
      {
        resourceType: 'AllergyIntolerance',
        clinicalStatus: hl7Concept('allergyintolerance-clinical', status),
        verificationStatus: hl7Concept('allergyintolerance-verification', certainty),
        ...told,
        code: allergenOf(values),
        patient: patientOf(handle),
        ...(began && { onsetDateTime: began }),
        recordedDate: dayOf(at),
        recorder: partyReference(author),
        ...noteOf(note),
        ...(reaction && {
          reaction: [{ manifestation: [{ text: reaction }], ...severe(severity) }],
        }),
      },
    ];
  },
};

function allergenOf(values: FormValues): CodeableConcept {
  const { known = '', substance = '' } = values;
  if (!Object.hasOwn(NO_KNOWN_ALLERGY, known)) return codedText(substance, values);
  const [code, display] = NO_KNOWN_ALLERGY[known as NoKnownAllergy];
  return { coding: [{ system: SNOMED, code, display }], text: display };
}

type Reaction = NonNullable<AllergyIntolerance['reaction']>[number];

function severe(severity: string | undefined): Pick<Reaction, 'severity'> {
  return severity === undefined ? {} : { severity: severity as NonNullable<Reaction['severity']> };
}
