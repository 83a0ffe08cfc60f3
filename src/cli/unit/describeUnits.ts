import { describeSum } from '../program/describeSum.ts';

/**
 * Writes an amount for people: units and hundredths.
 *
 * @param amount - Hundredths of the currency; may be below 0.
 */
export function describeUnits(amount: number): string {
  return describeSum(amount, 'units');
}
