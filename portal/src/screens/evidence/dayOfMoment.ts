import { sayMoment } from '../../words/sayMoment.ts';

/** Swedish writes dates as fields for dates have them. */
const AS_IN_FIELDS = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short' });

/**
 * Returns the day of a moment as a field for dates has it, such as `2026-11-25`, where the reader is.
 *
 * @param at - Unix seconds, of any number.
 */
export function dayOfMoment(at: number): string {
  return sayMoment(AS_IN_FIELDS, at);
}
