import type { FormFault, FormField, FormFieldName } from '../../../../src/fhir/forms/FormField.ts';
import { codeWord } from '../../fhir/codeWords.ts';
import type { WordKey } from '../../words/WordKey.ts';
import type { Words } from '../../words/useWords.tsx';

/** The label of each field: the word under which charts show it. */
const LABELS: Readonly<Record<FormFieldName, WordKey>> = {
  known: 'forms.known',
  substance: 'forms.substance',
  criticality: 'fhir.criticality',
  reaction: 'fhir.reactions',
  severity: 'fhir.severity',
  problem: 'forms.problem',
  vaccine: 'forms.vaccine',
  code: 'forms.code',
  system: 'forms.system',
  status: 'fhir.status',
  certainty: 'fhir.certainty',
  kind: 'fhir.type',
  group: 'fhir.category',
  began: 'fhir.began',
  ended: 'fhir.ended',
  measured: 'fhir.measured',
  systolic: 'fhir.vital_systolic',
  diastolic: 'fhir.vital_diastolic',
  pulse: 'fhir.vital_heartRate',
  temperature: 'fhir.vital_temperature',
  oxygen: 'fhir.vital_oxygen',
  breathing: 'fhir.vital_breathing',
  weight: 'fhir.vital_weight',
  height: 'fhir.vital_height',
  given: 'fhir.given',
  lot: 'fhir.lot',
  dose: 'fhir.doseNumber',
  service: 'forms.service',
  specialty: 'forms.specialty',
  priority: 'fhir.priority',
  reason: 'fhir.reason',
  ordered: 'forms.ordered',
  note: 'fhir.note',
};

/**
 * Returns the label of a field, with the unit of a number.
 *
 * @param field - The field.
 * @param words - The person's words.
 */
export function fieldLabel(field: FormField, { say }: Pick<Words, 'say'>): string {
  const label = say(LABELS[field.name]);
  return field.type === 'number' && field.unit !== undefined ? `${label} (${field.unit})` : label;
}

/**
 * Says a value of a choice: in our word for FHIR's codes; names of code systems are the same in each language.
 *
 * @param choice - The value.
 * @param words - The person's words.
 */
export function choiceInWords(choice: string, { say }: Pick<Words, 'say'>): string {
  if (choice === 'none' || choice === 'no-drug') return say(`fhir.allergy_${choice}`);
  const word = codeWord('', choice);
  return word === undefined ? choice : say(word);
}

/**
 * Says what is wrong with a field.
 *
 * @param fault - The fault.
 * @param words - The person's words.
 */
export function faultSaid({ fault, limit = '' }: FormFault, { say }: Pick<Words, 'say'>): string {
  return say(`forms.${fault}`, { limit });
}
