import { isRightToLeft } from './readingOrder.ts';

/**
 * Returns how a day is written where it must not be taken for another one: in Arabic with the name of its month, as readers
 * from right to left would see the numbers `14/03/2026` as `2026/03/14`.
 *
 * @param locale - BCP 47 tag.
 */
export function dayStyle(locale: string): 'medium' | 'long' {
  return isRightToLeft(locale) ? 'long' : 'medium';
}

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
