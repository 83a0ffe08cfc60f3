import type { FhirDate } from './Said.ts';

const FORM =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d|60)(?:\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;

/**
 * Parses a date of FHIR R4, which may say no more than a year or a month.
 *
 * @param value - Anything.
 * @returns Undefined if it is not a date that exists, such as `2024-02-30`.
 */
export function parseFhirDate(value: unknown): FhirDate | undefined {
  if (typeof value !== 'string' || value.length > 40) return undefined;
  const [, year, month, day, hour] = FORM.exec(value) ?? [];
  if (year === undefined) return undefined;
  const [first, second, third] = [Number(year), Number(month ?? 1), Number(day ?? 1)];
  const began = new Date(0);
  began.setUTCFullYear(first, second - 1, third);
  if (began.getUTCMonth() !== second - 1 || began.getUTCDate() !== third) return undefined;
  if (hour !== undefined) {
    const at = Date.parse(value);
    return Number.isFinite(at) ? { date: value, precision: 'moment', at } : undefined;
  }
  const precision = day !== undefined ? 'day' : month !== undefined ? 'month' : 'year';
  return { date: value, precision, at: began.getTime() };
}
