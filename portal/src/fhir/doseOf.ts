import { fieldOf, listOf } from '../../../src/fhir/fieldOf.ts';
import { doseIn } from '../../../src/fhir/dose/doseIn.ts';
import { DOSE_ROUTES, type DoseRoute } from '../../../src/fhir/dose/doseFields.ts';
import { SNOMED } from '../../../src/fhir/noKnownAllergy.ts';
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
 * Says in words how a medicine is taken: what its author wrote; or its amount, how often, by which way and when, if the author
 * wrote no text or one that was composed of these.
 *
 * @param dosage - A Dosage of FHIR R4, or anything.
 */
export function doseOf(dosage: unknown): Said {
  const instruction = shownText(fieldOf(dosage, 'patientInstruction'));
  const text = shownText(fieldOf(dosage, 'text'));
  // A text that was composed of the parts is said in the reader's language.
  const isComposed = text !== '' && doseIn(dosage) !== undefined;
  if (text !== '' && !isComposed) return text;
  const said = partsOf(dosage);
  if (said === '' || instruction === '') return said || instruction;
  return { parts: [said, instruction], joint: '. ' };
}

function partsOf(dosage: unknown): Said {
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
    routeOf(fieldOf(dosage, 'route')),
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
  const frequency = fieldOf(repeat, 'frequency') ?? 1;
  const isKnown = typeof period === 'number' && Number.isFinite(period);
  const often: Said =
    unit !== undefined && isKnown && typeof frequency === 'number' && Number.isFinite(frequency)
      ? { word: `fhir.every_${unit}`, values: { times: frequency, period } }
      : '';
  const when = listOf(fieldOf(repeat, 'when')).slice(0, 20);
  const clock = listOf(fieldOf(repeat, 'timeOfDay')).slice(0, 24);
  const times = clock.map((each) => shownText(each, 20).replace(/^(\d\d:\d\d):00$/, '$1'));
  const bounds = fieldOf(repeat, 'boundsDuration');
  const days = fieldOf(bounds, 'code') === 'd' ? fieldOf(bounds, 'value') : undefined;
  return [
    often,
    ...when.map((each): Said => {
      const word =
        typeof each === 'string' && Object.hasOwn(MOMENT_WORDS, each) && MOMENT_WORDS[each];
      return word ? { word } : shownText(each, 60);
    }),
    times.length > 0 ? { word: 'fhir.timeOfDay', values: { times: times.join(', ') } } : '',
    typeof days === 'number' ? { word: 'fhir.forDays', values: { days } } : '',
  ];
}

/** The route in our word if its text is the one that we write, else in its author's. */
function routeOf(route: unknown): Said {
  const [coding] = listOf(fieldOf(route, 'coding'));
  const own = (Object.keys(DOSE_ROUTES) as DoseRoute[]).find(
    (name) => fieldOf(coding, 'code') === DOSE_ROUTES[name][0],
  );
  const isOwn =
    own !== undefined &&
    fieldOf(coding, 'system') === SNOMED &&
    fieldOf(route, 'text') === DOSE_ROUTES[own][1];
  return isOwn ? { word: `fhir.route_${own}` } : (conceptOf(route) ?? '');
}
