import type { ClinicalForm } from './ClinicalForm.ts';
import { codedText, codeFault, codeFields } from './codeSystems.ts';
import { FORM_CATEGORIES } from './formNames.ts';
import { dayOf, hl7Concept, NOTE_FIELD, noteOf, partyReference, patientOf } from './formParts.ts';

/** A problem: a diagnosis, or a complaint that is not one yet. */
export const PROBLEM_FORM: ClinicalForm = {
  category: FORM_CATEGORIES.problem,
  fields: [
    { name: 'problem', type: 'text', longest: 200, required: true },
    {
      name: 'status',
      type: 'choice',
      choices: ['active', 'recurrence', 'remission', 'resolved'],
      first: 'active',
    },
    {
      name: 'certainty',
      type: 'choice',
      choices: ['confirmed', 'provisional', 'differential', 'unconfirmed', 'refuted'],
      first: 'confirmed',
    },
    { name: 'began', type: 'partial' },
    { name: 'ended', type: 'partial', only: ['status', 'resolved'] },
    ...codeFields('ICD-10', 'SNOMED CT'),
    NOTE_FIELD,
  ],
  check: (values) => {
    const { began = '', ended } = values;
    if (ended !== undefined && ended < began.slice(0, ended.length)) {
      return { field: 'ended', fault: 'too-early', limit: began };
    }
    return codeFault(values);
  },
  make: (values, { handle, at, author }) => {
    const { problem = '', status = 'active', certainty = 'confirmed', began, ended, note } = values;
    return [
      {
        resourceType: 'Condition',
        clinicalStatus: hl7Concept('condition-clinical', status),
        verificationStatus: hl7Concept('condition-ver-status', certainty),
        category: [hl7Concept('condition-category', 'problem-list-item')],
        code: codedText(problem, values),
        subject: patientOf(handle),
        ...(began && { onsetDateTime: began }),
        ...(ended && { abatementDateTime: ended }),
        recordedDate: dayOf(at),
        recorder: partyReference(author),
        ...noteOf(note),
      },
    ];
  },
};
