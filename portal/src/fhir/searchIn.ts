import type { Described } from './describeResource.ts';
import { withoutMarks } from '../words/readingOrder.ts';
import { sayFhir, type FhirWords } from './sayFhir.ts';
import { searchTexts, type SearchIndex } from './searchTexts.ts';

/**
 * Makes an index over everything that people read of resources, in their language.
 *
 * @param items - Resources as they are described.
 * @param words - The person's words.
 */
export function searchIn<Item extends Described>(
  items: readonly Item[],
  words: FhirWords,
): SearchIndex<Item> {
  return searchTexts(items.map((item) => [item, wordsOf(item, words)] as const));
}

function wordsOf(
  { kind, kindName, title, when, facts, more }: Described,
  words: FhirWords,
): string {
  const told = [...facts, ...more].flatMap(({ label, values }) => [label, ...values]);
  const said = [kindName, title, ...(when ? [when] : []), ...told].map((each) =>
    withoutMarks(sayFhir(each, words)),
  );
  // Whoever searches for a year or a day as FHIR writes it finds it too.
  return [kind, when?.date ?? '', ...said].join('\n');
}
