/**
 * Writes an amount for people: units and hundredths.
 *
 * @param amount - Hundredths of the currency; may be below 0.
 */
export function describeUnits(amount: number): string {
  const digits = String(Math.abs(amount)).padStart(3, '0');
  const sign = amount < 0 ? '-' : '';
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)} units`;
}
