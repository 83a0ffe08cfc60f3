import { spend } from '../../../src/fhir/budget.ts';
import { unturned } from '../words/readingOrder.ts';
import { dayStyle } from '../words/sayMoment.ts';
import type { FhirDate, FhirWord, Said } from './Said.ts';

/** The words that `sayFhir` needs: those of `useWords`. */
export interface FhirWords {
  /** BCP 47 tag for the forms of dates and numbers. */
  readonly locale: string;
  say(key: FhirWord, values?: Readonly<Record<string, string | number>>): string;
}

/** Most characters of one thing said, so that nobody's text can fill a page. */
const LONGEST = 20_000;
const COMPARATORS = {
  '<': 'fhir.comparator_less',
  '<=': 'fhir.comparator_lessOrEqual',
  '>': 'fhir.comparator_more',
  '>=': 'fhir.comparator_moreOrEqual',
} as const;

/**
 * Puts what a resource says into words of the person's language: dates and numbers in its forms, and values in their order
 * in a language that is written from right to left.
 *
 * @param said - The words.
 * @param words - The person's words.
 */
export function sayFhir(said: Said, words: FhirWords): string {
  return unturned(inWords(said, words).slice(0, LONGEST), words.locale);
}

function inWords(said: Said, words: FhirWords): string {
  spend(1);
  if (typeof said === 'string') return said;
  if ('word' in said) return words.say(said.word, said.values);
  if ('date' in said) return dateInWords(said, words.locale);
  if ('amount' in said) {
    const text = `${numberInWords(said.amount, words.locale)} ${said.unit}`.trim();
    return said.comparator === undefined
      ? text
      : words.say(COMPARATORS[said.comparator], { amount: text });
  }
  if ('parts' in said) return said.parts.map((part) => inWords(part, words)).join(said.joint);
  if ('from' in said || 'until' in said) {
    const from = said.from && dateInWords(said.from, words.locale);
    const until = said.until && dateInWords(said.until, words.locale);
    if (from !== undefined && until !== undefined) {
      return from === until ? from : words.say('fhir.span', { from, until });
    }
    if (from !== undefined) return words.say('fhir.since', { from });
    return until === undefined ? '' : words.say('fhir.until', { until });
  }
  const { low, high } = said as { readonly low?: Said; readonly high?: Said };
  const [least, most] = [low && inWords(low, words), high && inWords(high, words)];
  if (least !== undefined && most !== undefined)
    return words.say('fhir.between', { low: least, high: most });
  if (least !== undefined) return words.say('fhir.atLeast', { low: least });
  return most === undefined ? '' : words.say('fhir.atMost', { high: most });
}

const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * A date in the person's form, no more precise than it is.
 *
 * @param date - The date.
 * @param language - BCP 47 tag.
 */
export function dateInWords({ at, precision }: FhirDate, language: string): string {
  const name = `${language} ${precision}`;
  // Making a format takes a hundred times as long as using it.
  let format = formats.get(name);
  if (format === undefined) {
    // A day has no zone: in another one it must not become the day before.
    const zone = precision === 'moment' ? {} : { timeZone: 'UTC' };
    format = new Intl.DateTimeFormat(language, { ...formOf(precision, language), ...zone });
    formats.set(name, format);
  }
  return format.format(at);
}

function formOf(precision: FhirDate['precision'], language: string): Intl.DateTimeFormatOptions {
  if (precision === 'year') return { year: 'numeric' };
  if (precision === 'month') return { year: 'numeric', month: 'long' };
  const dateStyle = dayStyle(language);
  return precision === 'day' ? { dateStyle } : { dateStyle, timeStyle: 'short' };
}

const points = new Map<string, string>();

/** Keeps every digit as it was written; only the point is the language's. */
function numberInWords(amount: string, language: string): string {
  if (!/^-?\d+\.\d+$/.test(amount)) return amount;
  let point = points.get(language);
  if (point === undefined) {
    const parts = new Intl.NumberFormat(language).formatToParts(0.5);
    point = parts.find(({ type }) => type === 'decimal')?.value ?? '.';
    points.set(language, point);
  }
  return amount.replace('.', point);
}
