import { fieldOf } from '../../../../src/fhir/fieldOf.ts';
import type { ChartItem } from '../../fhir/ArrangedChart.ts';
import { parseFhirDate } from '../../fhir/parseFhirDate.ts';
import type { FhirWord } from '../../fhir/Said.ts';
import { sayFhir, type FhirWords } from '../../fhir/sayFhir.ts';
import { withoutMarks } from '../../words/readingOrder.ts';
import { personsOf, type PersonsOnChart } from '../chart/personsOf.ts';

/** Whom a chart is of, as far as the reader and the chart's records tell. */
export interface PersonShown extends PersonsOnChart {
  /** The reader's name for the patient, else the only one that the records have; undefined if neither has one. */
  readonly called: string | undefined;
  /** True if records gave the name, which anybody who may add can write. */
  readonly isNamedByRecords: boolean;
  /** Facts that all records agree on. */
  readonly facts: readonly (readonly [word: FhirWord, value: string])[];
  /** Age in whole months; undefined if the records do not agree on a day of birth, or tell a death. */
  readonly months: number | undefined;
}

const FACTS = ['fhir.born', 'fhir.sex', 'fhir.died'] as const;

/**
 * Says whom a chart is of.
 *
 * @param name - Name of the contact, if the patient is one.
 * @param persons - Patient resources of the chart, as they are described.
 * @param words - The reader's words.
 * @param now - The moment, milliseconds.
 */
export function personShown(
  name: string | undefined,
  persons: readonly ChartItem[],
  words: FhirWords,
  now: number,
): PersonShown {
  const found = personsOf(name, persons);
  const [only, ...more] = new Set(persons.map(({ title }) => sayFhir(title, words)));
  const isNamedByRecords = name === undefined && only !== undefined && more.length === 0;
  const facts = FACTS.map((word) => [word, agreed(factsOf(found.own, word, words))] as const);
  return {
    ...found,
    called: name ?? (isNamedByRecords ? withoutMarks(only) : undefined),
    isNamedByRecords,
    facts: facts.filter(([, value]) => value !== ''),
    months: monthsSince(birthIn(found.own) ?? '', now),
  };
}

/**
 * Returns the values of a fact of some items, each once.
 *
 * @param items - The items.
 * @param word - The fact's name.
 * @param words - The reader's words.
 */
export function factsOf(
  items: readonly ChartItem[],
  word: FhirWord,
  words: FhirWords,
): readonly string[] {
  const values = items
    .flatMap(({ facts }) => facts)
    .filter(({ label }) => typeof label === 'object' && 'word' in label && label.word === word)
    .flatMap((fact) => fact.values.map((value) => sayFhir(value, words)));
  return [...new Set(values)];
}

/**
 * Returns the birth date that the records of a person agree on; undefined if they do not, or tell a death.
 *
 * @param own - Patient resources of the person.
 */
export function birthIn(own: readonly ChartItem[]): string | undefined {
  const isDead = own.some(
    ({ resource }) =>
      fieldOf(resource, 'deceasedBoolean') === true ||
      fieldOf(resource, 'deceasedDateTime') !== undefined,
  );
  return isDead
    ? undefined
    : agreed(own.map(({ resource }) => fieldOf(resource, 'birthDate'))) || undefined;
}

/** A value that the records do not agree on is left out. */
function agreed(values: readonly unknown[]): string {
  const [value, ...more] = new Set(values.filter((each) => each !== undefined));
  return typeof value === 'string' && more.length === 0 ? value : '';
}

/**
 * Returns an age in whole months.
 *
 * @param birth - Day of birth, such as `1961-02-03`.
 * @param now - The moment, milliseconds.
 * @returns Undefined if it is not a day, or one to come.
 */
export function monthsSince(birth: string, now: number): number | undefined {
  const date = parseFhirDate(birth);
  if (date?.precision !== 'day') return undefined;
  const [then, today] = [new Date(date.at), new Date(now)];
  const months =
    (today.getUTCFullYear() - then.getUTCFullYear()) * 12 +
    today.getUTCMonth() -
    then.getUTCMonth() -
    (today.getUTCDate() < then.getUTCDate() ? 1 : 0);
  return months < 0 ? undefined : months;
}
