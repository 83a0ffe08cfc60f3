import type { ClinicalForm } from './ClinicalForm.ts';
import { codedText, codeFault, codeFields } from './codeSystems.ts';
import { FORM_CATEGORIES } from './formNames.ts';
import { NOTE_FIELD, noteOf, patientOf } from './formParts.ts';

/** A vaccination that was given. */
export const VACCINATION_FORM: ClinicalForm = {
  category: FORM_CATEGORIES.vaccination,
  fields: [
    { name: 'vaccine', type: 'text', longest: 200, required: true },
    { name: 'given', type: 'day', required: true },
    { name: 'lot', type: 'text', longest: 40 },
    { name: 'dose', type: 'number', low: 1, high: 20, decimals: 0 },
    ...codeFields('CVX', 'ATC', 'SNOMED CT'),
    NOTE_FIELD,
  ],
  check: codeFault,
  make: (values, { handle }) => {
    const { vaccine = '', given = '', lot, dose, note } = values;
    return [
      {
        resourceType: 'Immunization',
        status: 'completed',
        vaccineCode: codedText(vaccine, values),
        patient: patientOf(handle),
        occurrenceDateTime: given,
        ...(lot && { lotNumber: lot }),
        ...noteOf(note),
        ...(dose && { protocolApplied: [{ doseNumberPositiveInt: Number(dose) }] }),
      },
    ];
  },
};
