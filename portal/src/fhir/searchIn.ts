import type { Described } from './describeResource.ts';
import { sayFhir, type FhirWords } from './sayFhir.ts';

/** The index to search in; made once, and asked at every letter. */
export interface SearchIndex<Item> {
  /** The items that hold every word of a text, in their order; all if it has none. */
  find(text: string): readonly Item[];
}

/**
 * Makes an index over everything that people read of resources, in their language. Capitals, accents and the order of
 * words do not count.
 *
 * @param items - Resources as they are described.
 * @param words - The person's words.
 */
export function searchIn<Item extends Described>(
  items: readonly Item[],
  words: FhirWords,
): SearchIndex<Item> {
  const texts = items.map((item) => [item, plain(wordsOf(item, words))] as const);
  return {
    find: (text) => {
      const wanted = plain(text.slice(0, 500)).split(/\s+/).filter(Boolean);
      return texts
        .filter(([, held]) => wanted.every((each) => held.includes(each)))
        .map(([item]) => item);
    },
  };
}

function wordsOf(
  { kind, kindName, title, when, facts, more }: Described,
  words: FhirWords,
): string {
  const told = [...facts, ...more].flatMap(({ label, values }) => [label, ...values]);
  const said = [kindName, title, ...(when ? [when] : []), ...told].map((each) =>
    sayFhir(each, words),
  );
  // Whoever searches for a year or a day as FHIR writes it finds it too.
  return [kind, when?.date ?? '', ...said].join('\n');
}

/** Without capitals and accents. */
function plain(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
