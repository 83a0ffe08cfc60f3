import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import { fieldOf, listOf } from '../fieldOf.ts';
import type { FormValues } from '../forms/FormField.ts';
import { dosageOf } from './dosageOf.ts';
import { DOSE_ROUTES } from './doseFields.ts';
import { readDose } from './readDose.ts';

/** A structured dose with the further directions of its prescriber, which are empty without any. */
export interface DoseFound {
  readonly dose: FormValues;
  readonly instruction: string;
}

/**
 * Returns the structured dose that a FHIR Dosage was made of. It says all that the Dosage says: a Dosage with anything else, or
 * with a text that is not the one of its parts, has none, so that no words of its author are lost.
 *
 * @param dosage - Anything.
 */
export function doseIn(dosage: unknown): DoseFound | undefined {
  const given = fieldOf(dosage, 'patientInstruction');
  const instruction = typeof given === 'string' ? given : '';
  const { read, faults } = readDose(valuesIn(dosage));
  if (faults.length > 0) return undefined;
  const isSame = succeeds(
    () => canonicalJson(dosageOf(read, instruction)) === canonicalJson(dosage),
  );
  return isSame ? { dose: read, instruction } : undefined;
}

function valuesIn(dosage: unknown): FormValues {
  const quantity = fieldOf(listOf(fieldOf(dosage, 'doseAndRate'))[0], 'doseQuantity');
  const repeat = fieldOf(fieldOf(dosage, 'timing'), 'repeat');
  const [coding] = listOf(fieldOf(fieldOf(dosage, 'route'), 'coding'));
  const code = fieldOf(coding, 'code');
  const route = Object.entries(DOSE_ROUTES).find(([, [each]]) => each === code)?.[0];
  return {
    amount: textOf(fieldOf(quantity, 'value')),
    unit: textOf(fieldOf(quantity, 'unit')),
    ...oftenIn(repeat),
    days: textOf(fieldOf(fieldOf(repeat, 'boundsDuration'), 'value')),
    ...(route !== undefined && { route }),
    needed: fieldOf(dosage, 'asNeededBoolean') === true ? 'yes' : 'no',
  };
}

function oftenIn(repeat: unknown): FormValues {
  const when = listOf(fieldOf(repeat, 'when')).slice(0, 20);
  if (when.length > 0) return { often: 'moments', when: when.map(textOf).join(' ') };
  const clock = listOf(fieldOf(repeat, 'timeOfDay')).slice(0, 50);
  if (clock.length > 0) {
    return { often: 'by-clock', clock: clock.map((each) => textOf(each).slice(0, 5)).join(' ') };
  }
  const [frequency, period, unit] = ['frequency', 'period', 'periodUnit'].map((name) =>
    textOf(fieldOf(repeat, name)),
  );
  if (unit === 'h') return { often: 'by-hours', hours: period ?? '' };
  if (period !== '1') return { often: 'by-days', pause: period ?? '' };
  return { often: 'a-day', times: frequency ?? '' };
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
