/** Most units of an amount, in hundredths: larger ones are mistyped. */
const MOST = 10 ** 10;

/**
 * Returns an amount that a person typed, in hundredths of the currency; undefined if it is not one, or not above 0. It is
 * read as text: no amount is ever a fraction in binary.
 *
 * @param text - As it was typed, with a point or a comma before the hundredths, and nothing between thousands.
 * @param most - Largest amount in hundredths.
 */
export function unitsIn(text: string, most = MOST): number | undefined {
  const [, whole = '', part = ''] = /^(\d{1,9})(?:[.,](\d{1,2}))?$/.exec(text.trim()) ?? [];
  const units = whole === '' ? 0 : Number(whole) * 100 + Number(part.padEnd(2, '0'));
  return units >= 1 && units <= most ? units : undefined;
}
