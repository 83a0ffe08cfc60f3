import { fieldOf, listOf } from '../../../src/fhir/fieldOf.ts';
import { amountOf } from './amountOf.ts';
import { conceptOf } from './conceptOf.ts';
import type { FhirWord, Said } from './Said.ts';
import { shownText } from './shownText.ts';

const PERIODS = ['s', 'min', 'h', 'd', 'wk', 'mo', 'a'] as const;
const MOMENTS = [
  'MORN',
  'NOON',
  'AFT',
  'EVE',
  'NIGHT',
  'HS',
  'WAKE',
  'C',
  'CM',
  'CD',
  'CV',
  'AC',
  'ACM',
  'ACD',
  'ACV',
  'PC',
  'PCM',
  'PCD',
  'PCV',
] as const;
const MOMENT_WORDS: Readonly<Record<string, FhirWord>> = Object.fromEntries(
  MOMENTS.map((each) => [each, `fhir.moment_${each}`] as const),
);

/**
 * Says in words how a medicine is taken: what its author wrote, or else its amount, how often, by which way and when.
 *
 * @param dosage - A Dosage of FHIR R4, or anything.
 */
export function doseOf(dosage: unknown): Said {
  const text =
    shownText(fieldOf(dosage, 'text')) || shownText(fieldOf(dosage, 'patientInstruction'));
  if (text !== '') return text;
  const [rate] = listOf(fieldOf(dosage, 'doseAndRate'));
  const quantity = fieldOf(rate, 'doseQuantity') ?? fieldOf(dosage, 'dose');
  const range = fieldOf(rate, 'doseRange');
  const [low, high] = [amountOf(fieldOf(range, 'low')), amountOf(fieldOf(range, 'high'))];
  const needed = fieldOf(dosage, 'asNeededBoolean') === true;
  const reason = conceptOf(fieldOf(dosage, 'asNeededCodeableConcept'));
  const said: Said[] = [
    amountOf(quantity) ?? '',
    low || high ? { ...(low && { low }), ...(high && { high }) } : '',
    ...oftenOf(fieldOf(fieldOf(dosage, 'timing'), 'repeat')),
    conceptOf(fieldOf(fieldOf(dosage, 'timing'), 'code')) ?? '',
    conceptOf(fieldOf(dosage, 'route')) ?? '',
    conceptOf(fieldOf(dosage, 'site')) ?? '',
    needed || reason !== undefined ? { word: 'fhir.asNeeded' } : '',
    reason ?? '',
  ];
  const parts = said.filter((part) => part !== '');
  return parts.length === 0 ? '' : { parts, joint: ', ' };
}

function oftenOf(repeat: unknown): readonly Said[] {
  const period = fieldOf(repeat, 'period');
  const unit = PERIODS.find((each) => each === fieldOf(repeat, 'periodUnit'));
  const times = fieldOf(repeat, 'frequency') ?? 1;
  const isKnown = typeof period === 'number' && Number.isFinite(period);
  const often: Said =
    unit !== undefined && isKnown && typeof times === 'number' && Number.isFinite(times)
      ? { word: `fhir.every_${unit}`, values: { times, period } }
      : '';
  const when = listOf(fieldOf(repeat, 'when')).slice(0, 20);
  return [
    often,
    ...when.map((each): Said => {
      const word =
        typeof each === 'string' && Object.hasOwn(MOMENT_WORDS, each) && MOMENT_WORDS[each];
      return word ? { word } : shownText(each, 60);
    }),
  ];
}
