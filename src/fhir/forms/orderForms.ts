import type { ServiceRequest } from '@medplum/fhirtypes';
import type { Address } from '../../protocol/ids.ts';
import { SNOMED } from '../noKnownAllergy.ts';
import type { ClinicalForm, FormContext } from './ClinicalForm.ts';
import { codedText, codeFault, codeFields } from './codeSystems.ts';
import type { FormField, FormValues } from './FormField.ts';
import { FORM_CATEGORIES } from './formNames.ts';
import { NOTE_FIELD, noteOf, partyReference, patientOf } from './formParts.ts';

const PRIORITY: FormField = {
  name: 'priority',
  type: 'choice',
  choices: ['routine', 'urgent', 'asap', 'stat'],
  first: 'routine',
};
const REASON = { name: 'reason', type: 'text', longest: 500 } as const;
/** With its moment, the same examination can be ordered twice on one day. */
const ORDERED: FormField = { name: 'ordered', type: 'moment', required: true };

/** The laboratory that shall do it; any may if none is named. */
const LABORATORY: FormField = { name: 'laboratory', type: 'party', role: 'lab' };

/** An order: an examination or another service that somebody shall do. */
export const ORDER_FORM: ClinicalForm = {
  category: FORM_CATEGORIES.order,
  fields: [
    { name: 'service', type: 'text', longest: 200, required: true },
    PRIORITY,
    REASON,
    LABORATORY,
    ORDERED,
    ...codeFields('LOINC', 'SNOMED CT'),
    NOTE_FIELD,
  ],
  check: codeFault,
  make: (values, context) => {
    const { service = '', laboratory } = values;
    return [
      {
        ...requestOf(values, context),
        code: codedText(service, values),
        ...(laboratory && { performer: [partyReference(laboratory as Address)] }),
      },
    ];
  },
};

/** A referral: the question goes to a specialty, by its name or code. */
export const REFERRAL_FORM: ClinicalForm = {
  category: FORM_CATEGORIES.referral,
  fields: [
    { name: 'specialty', type: 'text', longest: 200, required: true },
    { ...REASON, required: true },
    PRIORITY,
    ORDERED,
    ...codeFields('SNOMED CT'),
    NOTE_FIELD,
  ],
  check: codeFault,
  make: (values, context) => {
    const { specialty = '' } = values;
    const referral = { system: SNOMED, code: '3457005', display: 'Patient referral' };
    return [
      {
        ...requestOf(values, context),
        category: [{ coding: [referral] }],
        code: { coding: [referral], text: specialty },
        performerType: codedText(specialty, values),
      },
    ];
  },
};

function requestOf(values: FormValues, { handle, author }: FormContext): ServiceRequest {
  const { priority = 'routine', reason, ordered = '', note } = values;
  return {
    resourceType: 'ServiceRequest',
    status: 'active',
    intent: 'order',
    priority: priority as NonNullable<ServiceRequest['priority']>,
    subject: patientOf(handle),
    authoredOn: ordered,
    requester: partyReference(author),
    ...(reason && { reasonCode: [{ text: reason }] }),
    ...noteOf(note),
  };
}
