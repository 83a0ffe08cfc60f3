/**
 * Writes an amount with a point, as `parseSum` takes it.
 *
 * @param units - Hundredths of the currency; may be below 0.
 * @param unit - The code of the currency, or the word for what is counted; nothing if absent.
 */
export function describeSum(units: number, unit?: string): string {
  const digits = String(Math.abs(units)).padStart(3, '0');
  const amount = `${units < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
  return unit === undefined ? amount : `${amount} ${unit}`;
}
