import type {
  FormFault,
  FormField,
  FormFieldName,
  FormValues,
} from '../../../../src/fhir/forms/FormField.ts';
import { DOSE_ROUTES, type DoseRoute } from '../../../../src/fhir/dose/doseFields.ts';
import { codeWord } from '../../fhir/codeWords.ts';
import { unturned } from '../../words/readingOrder.ts';
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
  laboratory: 'forms.laboratory',
  test: 'forms.test',
  value: 'fhir.value',
  unit: 'forms.unit',
  low: 'forms.low',
  high: 'forms.high',
  interpretation: 'fhir.interpretation',
  taken: 'forms.taken',
  conclusion: 'fhir.conclusion',
  amount: 'forms.amount',
  often: 'forms.often',
  times: 'forms.times',
  when: 'forms.when',
  clock: 'forms.clock',
  hours: 'forms.hours',
  pause: 'forms.pause',
  days: 'forms.days',
  route: 'forms.route',
  needed: 'forms.needed',
  note: 'fhir.note',
};

/** Words of choices that are not codes of FHIR's own lists. */
const CHOICES: Readonly<Record<string, WordKey>> = {
  none: 'fhir.allergy_none',
  'no-drug': 'fhir.allergy_no-drug',
  'a-day': 'forms.often-a-day',
  moments: 'forms.often-moments',
  'by-clock': 'forms.often-by-clock',
  'by-hours': 'forms.often-by-hours',
  'by-days': 'forms.often-by-days',
  MORN: 'fhir.moment_MORN',
  NOON: 'fhir.moment_NOON',
  EVE: 'fhir.moment_EVE',
  HS: 'fhir.moment_HS',
  no: 'fhir.code_false',
  yes: 'fhir.code_true',
  ...Object.fromEntries(
    (Object.keys(DOSE_ROUTES) as DoseRoute[]).map((name) => [name, `fhir.route_${name}` as const]),
  ),
};

/**
 * Returns the label of a field, with the unit of a number.
 *
 * @param field - The field.
 * @param words - The person's words.
 */
export function fieldLabel(
  field: FormField,
  { say, locale }: Pick<Words, 'say' | 'locale'>,
): string {
  const label = say(LABELS[field.name]);
  return field.type === 'number' && field.unit !== undefined
    ? `${label} (${unturned(field.unit, locale)})`
    : label;
}

/**
 * Says a value of a choice: in our word for FHIR's codes; names of code systems are the same in each language.
 *
 * @param choice - The value.
 * @param words - The person's words.
 */
export function choiceInWords(choice: string, { say }: Pick<Words, 'say'>): string {
  const own = Object.hasOwn(CHOICES, choice) ? CHOICES[choice] : undefined;
  const word = own ?? codeWord('', choice) ?? codeWord('interpretation', choice);
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

/**
 * Names the values that are possible and unusual, for a person to compare them once more; empty if all are usual.
 *
 * @param fields - The fields.
 * @param values - As they were typed.
 * @param words - The person's words.
 */
export function unusualSaid(
  fields: readonly FormField[],
  values: FormValues,
  words: Pick<Words, 'say' | 'locale'>,
): string {
  return fields
    .filter((field) => isUnusual(field, values[field.name] ?? ''))
    .map((field) => `${fieldLabel(field, words)}: ${values[field.name]}`)
    .join(', ');
}

function isUnusual(field: FormField, text: string): boolean {
  if (field.type !== 'number' || field.usual === undefined || text === '') return false;
  const [low, high] = field.usual;
  const value = Number(text.replace(',', '.'));
  return value < low || value > high;
}
