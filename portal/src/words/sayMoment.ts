/** The last second that a date of JavaScript reaches, either way from 1970. */
const LAST = 8_640_000_000_000;

/**
 * Puts a moment into words; one that no date reaches is the last that a date does, so that data of others cannot break a
 * screen.
 *
 * @param format - The person's form.
 * @param at - Unix seconds, of any number.
 * @returns The words, or a dash if `at` is not a number.
 */
export function sayMoment(format: Intl.DateTimeFormat, at: number): string {
  if (Number.isNaN(at)) return '–';
  return format.format(Math.max(-LAST, Math.min(LAST, at)) * 1000);
}
