import type { Dosage, TimingRepeat } from '@medplum/fhirtypes';
import type { FormValues } from '../forms/FormField.ts';
import { SNOMED } from '../noKnownAllergy.ts';
import { doseInEnglish } from './doseInEnglish.ts';
import { DOSE_ROUTES, type DoseRoute } from './doseFields.ts';

/**
 * Makes a FHIR R4 Dosage of a structured dose: `doseAndRate`, `timing.repeat`, `route` and `asNeededBoolean`, with the same in
 * words for whoever reads the text alone.
 *
 * @param dose - A dose without faults.
 * @param instruction - Further directions in the prescriber's words; empty without any.
 */
export function dosageOf(dose: FormValues, instruction: string): Dosage {
  const { amount, unit = '', route, needed } = dose;
  const said = doseInEnglish(dose);
  return {
    text: instruction === '' ? said : `${said}. ${instruction}`,
    ...(instruction !== '' && { patientInstruction: instruction }),
    timing: { repeat: repeatOf(dose) },
    ...(needed === 'yes' && { asNeededBoolean: true }),
    ...(route !== undefined && { route: routeOf(route as DoseRoute) }),
    doseAndRate: [{ doseQuantity: { value: Number(amount), unit } }],
  };
}

function routeOf(route: DoseRoute): NonNullable<Dosage['route']> {
  const [code, text] = DOSE_ROUTES[route];
  return { coding: [{ system: SNOMED, code }], text };
}

function repeatOf(dose: FormValues): TimingRepeat {
  const { days } = dose;
  const bounds = { value: Number(days), unit: 'days', system: 'http://unitsofmeasure.org' };
  return {
    ...(days !== undefined && { boundsDuration: { ...bounds, code: 'd' } }),
    ...oftenOf(dose),
  };
}

function oftenOf({
  often = 'a-day',
  times,
  when = '',
  clock = '',
  hours,
  pause,
}: FormValues): TimingRepeat {
  switch (often) {
    case 'moments':
      return { when: when.split(' ') as NonNullable<TimingRepeat['when']> };
    case 'by-clock':
      return { timeOfDay: clock.split(' ').map((each) => `${each}:00`) };
    case 'by-hours':
      return { frequency: 1, period: Number(hours), periodUnit: 'h' };
    case 'by-days':
      return { frequency: 1, period: Number(pause), periodUnit: 'd' };
    default:
      return { frequency: Number(times), period: 1, periodUnit: 'd' };
  }
}
