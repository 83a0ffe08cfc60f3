import { CLINICAL_FORMS } from '../../fhir/forms/clinicalForms.ts';
import type { FormField } from '../../fhir/forms/FormField.ts';
import type { FormName } from '../../fhir/forms/formNames.ts';

/**
 * Says which fields a form has: what each takes, and which must be given.
 *
 * @param name - The form.
 */
export function formInWords(name: FormName): string {
  return `the fields of ${name} are ${fieldsInWords(CLINICAL_FORMS[name].fields)}`;
}

/**
 * Says what each field takes, and which must be given.
 *
 * @param fields - The fields.
 */
export function fieldsInWords(fields: readonly FormField[]): string {
  return fields.map(fieldInWords).join('; ');
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
    case 'several':
      return `some of ${field.choices.join(' ')}`;
    case 'clock':
      return '08:00 20:00';
    case 'number':
      return `${field.low} to ${field.high} ${field.unit ?? ''}`.trim();
    case 'partial':
      return '2019, 2019-03 or 2019-03-14';
    case 'day':
      return '2026-03-14';
    case 'party':
      return `a contact, role ${field.role}`;
    case 'moment':
      return '2026-03-14T09:30';
  }
}
