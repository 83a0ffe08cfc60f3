import type { FormFault } from './FormField.ts';

/**
 * Says what is wrong with a value of a form, for an error: its name goes before.
 *
 * @param fault - The fault.
 */
export function faultInWords({ fault, limit = '' }: FormFault): string {
  switch (fault) {
    case 'missing':
      return 'it is missing, and the form needs it';
    case 'nothing':
      return 'give at least one value';
    case 'unfit':
      return 'the form has no such field, or another field says that it has no place here';
    case 'too-long':
      return `must have ${limit} characters at most`;
    case 'hidden':
      return 'must have no characters that cannot be seen';
    case 'not-listed':
      return `must be one of ${limit}`;
    case 'not-a-number':
      return limit === '0'
        ? 'must be a whole number'
        : `must be a number with ${limit} digits behind the point at most`;
    case 'too-low':
      return `must be ${limit} or more`;
    case 'too-high':
      return `must be at most ${limit}`;
    case 'not-a-date':
      return 'must be a date that exists, such as 2026-03-14, or for a measurement 2026-03-14T09:30';
    case 'too-early':
      return `must not be before ${limit}`;
    case 'too-late':
      return 'must not be in the future';
    case 'not-a-code':
      return `must be a code of ${limit}`;
    case 'not-a-time':
      return `must be times of a day, ${limit} at most, such as 08:00 20:00`;
    case 'not-a-party':
      return 'must be the address of a party: 0x and 40 hexadecimal digits in lower case';
  }
}
