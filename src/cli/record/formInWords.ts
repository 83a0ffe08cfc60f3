import { CLINICAL_FORMS } from '../../fhir/forms/clinicalForms.ts';
import type { FormField } from '../../fhir/forms/FormField.ts';
import type { FormName } from '../../fhir/forms/formNames.ts';

/**
 * Says which fields a form has: what each takes, and which must be given.
 *
 * @param name - The form.
 */
export function formInWords(name: FormName): string {
  const fields = CLINICAL_FORMS[name].fields.map(fieldInWords);
  return `the fields of ${name} are ${fields.join('; ')}`;
}

function fieldInWords(field: FormField): string {
  const taken = takenBy(field);
  return `${field.name}${taken === '' ? '' : ` (${taken})`}${field.required ? ', required' : ''}`;
}

function takenBy(field: FormField): string {
  switch (field.type) {
    case 'text':
      return '';
    case 'choice':
      return field.choices.join(', ');
    case 'number':
      return `${field.low} to ${field.high} ${field.unit ?? ''}`.trim();
    case 'partial':
      return '2019, 2019-03 or 2019-03-14';
    case 'day':
      return '2026-03-14';
    case 'moment':
      return '2026-03-14T09:30';
  }
}
