import type { FhirDate } from '../../fhir/Said.ts';

/** Items of one year. */
export interface YearOf<Item> {
  readonly year: number;
  readonly items: readonly Item[];
}

/**
 * Groups items by their year, the newest year first; within a year they stay in their order.
 *
 * @param items - The items.
 */
export function byYear<Item extends { readonly when: FhirDate }>(
  items: readonly Item[],
): readonly YearOf<Item>[] {
  const years = Map.groupBy(items, ({ when: { at, precision } }) =>
    // A day has no zone: in another one it must not become one of the year before.
    precision === 'moment' ? new Date(at).getFullYear() : new Date(at).getUTCFullYear(),
  );
  return [...years]
    .map(([year, members]) => ({ year, items: members }))
    .toSorted((left, right) => right.year - left.year);
}

const FORMATS = {
  month: { month: 'long' },
  day: { day: 'numeric', month: 'short' },
} as const satisfies Readonly<Record<string, Intl.DateTimeFormatOptions>>;
const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * A date below the heading of its year, no more precise than it is: its day and month.
 *
 * @param date - The date.
 * @param locale - BCP 47 tag.
 */
export function dayOfYear({ at, precision }: FhirDate, locale: string): string {
  if (precision === 'year') return '';
  const name = `${locale} ${precision}`;
  // Making a format takes a hundred times as long as using it.
  const format =
    formats.get(name) ??
    new Intl.DateTimeFormat(locale, {
      ...FORMATS[precision === 'month' ? 'month' : 'day'],
      ...(precision !== 'moment' && { timeZone: 'UTC' }),
    });
  formats.set(name, format);
  return format.format(at);
}
