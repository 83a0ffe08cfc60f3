import type { FormValues } from '../forms/FormField.ts';

/** Thousandths of a unit: amounts have three digits behind the point at most, and whole numbers add up without a rest. */
const THOUSAND = 1000;

/**
 * Counts the units that a structured dose takes in all, rounded up to whole ones: a proposal for the amount to dispense, and at
 * most so many if the medicine is taken only if needed.
 *
 * @param dose - A dose without faults.
 * @param unit - Unit that is dispensed.
 * @returns Undefined if the dose says no days, or is in another unit.
 */
export function unitsOfDose(dose: FormValues, unit: string): number | undefined {
  const { amount, days } = dose;
  if (days === undefined || plain(dose.unit) !== plain(unit)) return undefined;
  const thousandths = Math.round(Number(amount) * THOUSAND) * takingsIn(dose, Number(days));
  return Math.ceil(thousandths / THOUSAND);
}

function takingsIn(dose: FormValues, days: number): number {
  const { often = 'a-day', times, when = '', clock = '', hours, pause } = dose;
  switch (often) {
    case 'moments':
      return when.split(' ').length * days;
    case 'by-clock':
      return clock.split(' ').length * days;
    case 'by-hours':
      return Math.ceil((days * 24) / Number(hours));
    case 'by-days':
      return Math.ceil(days / Number(pause));
    default:
      return Number(times) * days;
  }
}

function plain(unit = ''): string {
  return unit.trim().toLowerCase();
}
